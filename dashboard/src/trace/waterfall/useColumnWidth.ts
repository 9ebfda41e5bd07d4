// Measures the time column: bars have at most one part for each of its pixels.

import { useLayoutEffect, useState, type RefObject } from 'react';

/** `null` until it is measured, before the first paint; rows rendered earlier would be rendered twice. */
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
