// An edge between two parts that pointer and arrow keys move.

import { useRef, type KeyboardEvent, type PointerEvent } from 'react';

import styles from './Trace.module.css';

const STEP = 2;

type Props = {
  /** Its position in percent from the left of what it splits: the nearest element with `data-splits`. */
  share: number;
  least: number;
  most: number;
  label: string;
  /** Whether it is drawn at the left of its own parent instead of at `share`. */
  isAtEdge?: boolean;
  onShare: (share: number) => void;
};

export function Splitter({ share, least, most, label, isAtEdge = false, onShare }: Props) {
  const isDragged = useRef(false);
  const put = (next: number) => onShare(Math.min(most, Math.max(least, next)));
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (!isDragged.current) return;
    const box = event.currentTarget.closest('[data-splits]')!.getBoundingClientRect();
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
      aria-label={label}
      aria-valuenow={Math.round(share)}
      aria-valuemin={least}
      aria-valuemax={most}
      className={styles['splitter']}
      style={{ left: isAtEdge ? 0 : `${share}%` }}
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
