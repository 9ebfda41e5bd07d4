// The edge between names and time, by pointer and by keys.

import { useRef, type KeyboardEvent, type PointerEvent } from 'react';

import styles from './Trace.module.css';

const SHARE_MIN = 15;
const SHARE_MAX = 75;
const STEP = 2;

export function Splitter({ share, onShare }: { share: number; onShare: (share: number) => void }) {
  const isDragged = useRef(false);
  const put = (next: number) => onShare(Math.min(SHARE_MAX, Math.max(SHARE_MIN, next)));
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (!isDragged.current) return;
    const box = event.currentTarget.parentElement!.getBoundingClientRect();
    put(((event.clientX - box.left) / box.width) * 100);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const way = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    put(share + way);
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the names"
      aria-valuenow={Math.round(share)}
      aria-valuemin={SHARE_MIN}
      aria-valuemax={SHARE_MAX}
      className={styles['splitter']}
      style={{ left: `${share}%` }}
      onPointerDown={(event) => {
        isDragged.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        isDragged.current = false;
      }}
      onKeyDown={onKeyDown}
    />
  );
}
