// A strip on which an interval is chosen: by a drag, by its handles, or by arrow keys on them. A drag inside the interval moves it.

import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';

import { clamped, panned, type Interval } from './interval';
import styles from './RangeBrush.module.css';

type Props = {
  /** The length of the strip; an interval lies between 0 and this. */
  whole: number;
  /** The chosen interval; `null` for the whole strip. */
  part: Interval | null;
  onPart: (part: Interval | null, isDone: boolean) => void;
  /** A value on the strip in words, for screen readers. */
  speak: (at: number) => string;
  label: string;
  className: string;
  children: ReactNode;
};

const CLICK_PX = 3;
/** An arrow key moves a handle by this share of the strip. */
const STEP = 0.02;

export function RangeBrush({ whole, part, onPart, speak, label, className, children }: Props) {
  const brush = useBrush(whole, part, onPart);
  const shown = part ?? { from: 0, to: whole };
  const percent = (at: number) => `${(at / whole) * 100}%`;
  return (
    <div className={`${styles['strip']} ${className}`} role="group" aria-label={label} {...brush}>
      {children}
      {part && (
        <>
          <div className={styles['shade']} style={{ left: 0, width: percent(shown.from) }} />
          <div className={styles['shade']} style={{ left: percent(shown.to), right: 0 }} />
          <div className={styles['grip']} data-grip style={{ left: percent(shown.from), width: percent(shown.to - shown.from) }} />
        </>
      )}
      {(['from', 'to'] as const).map((edge) => (
        <div
          key={edge}
          role="slider"
          tabIndex={0}
          className={styles['handle']}
          data-edge={edge}
          style={{ left: percent(shown[edge]) }}
          aria-label={edge === 'from' ? 'Shown from' : 'Shown until'}
          aria-valuemin={0}
          aria-valuemax={Math.round(whole)}
          aria-valuenow={Math.round(shown[edge])}
          aria-valuetext={speak(shown[edge])}
          title={speak(shown[edge])}
          onKeyDown={(event) => onKey(event, edge, shown, whole, onPart)}
        />
      ))}
    </div>
  );
}

function useBrush(whole: number, part: Interval | null, onPart: Props['onPart']) {
  const start = useRef<{ x: number; at: number; drag: Drag } | null>(null);
  const valueAt = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(whole, Math.max(0, ((event.clientX - box.left) / box.width) * whole));
  };
  const chosen = (event: PointerEvent<HTMLElement>): Interval | null => {
    const { at, drag } = start.current!;
    const now = valueAt(event);
    if ('moved' in drag) return panned(drag.moved, now - at, whole);
    return clamped({ from: Math.min(drag.fixed, now), to: Math.max(drag.fixed, now) }, whole);
  };
  const isDrag = (event: PointerEvent<HTMLElement>) => start.current !== null && Math.abs(event.clientX - start.current.x) >= CLICK_PX;
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      const at = valueAt(event);
      start.current = { x: event.clientX, at, drag: dragOf(event.target as HTMLElement, at, part, whole) };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (isDrag(event)) onPart(chosen(event), false);
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (isDrag(event)) onPart(chosen(event), true);
      start.current = null;
    },
    onPointerCancel: (event: PointerEvent<HTMLElement>) => {
      if (isDrag(event)) onPart(part, true);
      start.current = null;
    },
    onDoubleClick: () => onPart(null, true),
  };
}

/** What a drag does: it moves the whole interval, or one end while the other stays. */
type Drag = { moved: Interval } | { fixed: number };

function dragOf({ dataset }: HTMLElement, at: number, part: Interval | null, whole: number): Drag {
  if (part !== null && 'grip' in dataset) return { moved: part };
  if (dataset['edge'] === 'from') return { fixed: part?.to ?? whole };
  if (dataset['edge'] === 'to') return { fixed: part?.from ?? 0 };
  return { fixed: at };
}

function onKey(event: KeyboardEvent, edge: 'from' | 'to', shown: Interval, whole: number, onPart: Props['onPart']): void {
  const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
  if (way === undefined) return;
  event.preventDefault();
  const by = way * STEP * whole;
  if (event.shiftKey) onPart(panned(shown, by, whole), true);
  else {
    const moved = { ...shown, [edge]: shown[edge] + by };
    if (moved.to > moved.from) onPart(clamped({ from: Math.max(0, moved.from), to: Math.min(whole, moved.to) }, whole), true);
  }
}
