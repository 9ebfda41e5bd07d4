// The pointer over the time column: a line across all rows with its time, and zoom by Ctrl and wheel.
// It moves outside React, so that no row is rendered for it.

import { useEffect, useRef, type RefObject } from 'react';

import { formatDuration } from '../format/duration';

const ZOOM_PER_PIXEL = 0.002;

export function useTimelinePointer(
  boxRef: RefObject<HTMLElement | null>,
  view: { from: number; to: number },
  onZoom: (at: number, factor: number) => void,
): void {
  const latest = useRef({ view, onZoom });
  latest.current = { view, onZoom };
  useEffect(() => {
    const box = boxRef.current!;
    const timeAt = (event: PointerEvent | WheelEvent): { share: number; at: number; left: number } | null => {
      const line = box.querySelector('[data-ruler]')?.getBoundingClientRect();
      if (!line || event.clientX < line.left || event.clientX > line.right) return null;
      const share = (event.clientX - line.left) / line.width;
      const { from, to } = latest.current.view;
      return { share, at: from + share * (to - from), left: event.clientX - line.left };
    };
    const onMove = (event: PointerEvent) => {
      const cursor = box.querySelector<HTMLElement>('[data-cursor]');
      const place = timeAt(event);
      if (cursor === null) return;
      cursor.hidden = place === null;
      if (place === null) return;
      const { from, to } = latest.current.view;
      cursor.style.left = `${place.share * 100}%`;
      cursor.dataset['time'] = formatDuration(Number(cursor.dataset['origin']) + place.share * (to - from));
    };
    const onWheel = (event: WheelEvent) => {
      const place = event.ctrlKey || event.metaKey ? timeAt(event) : null;
      if (place === null) return;
      event.preventDefault();
      latest.current.onZoom(place.at, Math.exp(event.deltaY * ZOOM_PER_PIXEL));
    };
    const onLeave = () => box.querySelector('[data-cursor]')?.setAttribute('hidden', '');
    box.addEventListener('pointermove', onMove, { passive: true });
    box.addEventListener('pointerleave', onLeave);
    box.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      box.removeEventListener('pointermove', onMove);
      box.removeEventListener('pointerleave', onLeave);
      box.removeEventListener('wheel', onWheel);
    };
  }, [boxRef]);
}
