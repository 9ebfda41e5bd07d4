// Handles the pointer over the time column: a crosshair with its time, and zoom by Ctrl and the wheel. The crosshair moves
// outside React, so that no row is rendered for it.

import { useEffect, useRef, type RefObject } from 'react';

import { formatDuration } from '../../format/duration';

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
      const point = timeAt(event);
      if (cursor === null) return;
      cursor.hidden = point === null;
      if (point === null) return hideBelow(box, Infinity);
      const { from, to } = latest.current.view;
      hideBelow(box, point.left);
      cursor.style.left = `${point.share * 100}%`;
      // Times are precise to a nanosecond.
      cursor.dataset['time'] = formatDuration(Math.round(Number(cursor.dataset['origin']) + point.share * (to - from)));
    };
    const onWheel = (event: WheelEvent) => {
      const point = event.ctrlKey || event.metaKey ? timeAt(event) : null;
      if (point === null) return;
      event.preventDefault();
      latest.current.onZoom(point.at, Math.exp(event.deltaY * ZOOM_PER_PIXEL));
    };
    const onLeave = () => {
      box.querySelector('[data-cursor]')?.setAttribute('hidden', '');
      hideBelow(box, Infinity);
    };
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

/** The width of the crosshair's label and of a tick's label together, in px. */
const LABEL_PX = 70;

/** Hides labels of ticks near the crosshair's label, which would overlap it. */
function hideBelow(box: HTMLElement, left: number): void {
  for (const tick of box.querySelectorAll<HTMLElement>('[data-tick]')) {
    tick.toggleAttribute('data-below', Math.abs(tick.offsetLeft - left) < LABEL_PX);
  }
}
