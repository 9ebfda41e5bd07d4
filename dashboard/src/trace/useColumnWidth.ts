// How wide the column of time is: bars are cut into pieces as fine as its pixels.

import { useLayoutEffect, useState, type RefObject } from 'react';

/** Until it is measured, which is before the first picture. */
const WIDTH_START = 600;

export function useColumnWidth(boxRef: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(WIDTH_START);
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
