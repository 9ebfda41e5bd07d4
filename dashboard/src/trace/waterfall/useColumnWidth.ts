// How wide the column of time is: bars are cut into pieces as fine as its pixels.

import { useLayoutEffect, useState, type RefObject } from 'react';

/** `null` until it is measured, which is before the first picture: rows would only be made twice. */
export function useColumnWidth(boxRef: RefObject<HTMLElement | null>): number | null {
  const [width, setWidth] = useState<number | null>(null);
  useLayoutEffect(() => {
    const ruler = boxRef.current!.querySelector('[data-ruler]')!;
    const measure = () => setWidth(Math.max(1, Math.round(ruler.getBoundingClientRect().width)));
    measure();
    const resize = new ResizeObserver(measure);
    resize.observe(ruler);
    return () => resize.disconnect();
  }, [boxRef]);
  return width;
}
