// Finds the rows of a long list that are in sight. All rows have the same height, so none has to be measured.

import { useCallback, useEffect, useState, type RefObject } from 'react';

/** So many rows above and below are rendered too, so that a fast scroll shows no gap. */
const OVERSCAN_ROWS = 12;

export type RowRange = { first: number; last: number };

export function useVirtualRows(ref: RefObject<HTMLElement | null>, count: number, rowPx: number, headPx = 0, overscan = OVERSCAN_ROWS): RowRange {
  const [shown, setShown] = useState<RowRange>({ first: 0, last: Math.min(count, 60) });
  const update = useCallback(() => {
    const box = ref.current;
    if (box === null) return;
    const top = Math.max(0, box.scrollTop - headPx);
    const first = Math.max(0, Math.floor(top / rowPx) - overscan);
    const last = Math.min(count, Math.ceil((top + box.clientHeight) / rowPx) + overscan);
    setShown((now) => (now.first === first && now.last === last ? now : { first, last }));
  }, [ref, count, rowPx, headPx, overscan]);

  useEffect(() => {
    const box = ref.current;
    if (box === null) return undefined;
    update();
    const resize = new ResizeObserver(update);
    resize.observe(box);
    box.addEventListener('scroll', update, { passive: true });
    return () => {
      resize.disconnect();
      box.removeEventListener('scroll', update);
    };
  }, [ref, update]);

  return { first: Math.min(shown.first, count), last: Math.min(shown.last, count) };
}
