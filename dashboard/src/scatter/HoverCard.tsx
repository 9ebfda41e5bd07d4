// A card beside the hovered dot, with what the table holds of its trace.

import { useLayoutEffect, useRef } from 'react';

import { formatDuration } from '../format/duration';
import { plural } from '../format/number';
import { formatLocal, formatUtc } from '../format/time';
import { useLive } from '../live/LiveContext';
import { mark } from '../perf/perf';
import { Swatch } from '../theme/Swatch';
import { msOfOffset } from '../traces/clock';
import { FLAG_ERROR, FLAG_ROOTLESS } from '../traces/delta';
import { serviceName } from '../traces/services';
import { ErrorMark } from '../ui/ErrorMark';
import { NO_ROOT, RootlessMark } from '../ui/RootlessMark';
import { MARGIN } from './axes';
import styles from './Scatter.module.css';

/** `others` are the dots at the same position, this one among them; `rank` is its index there. */
export type Hover = { slot: number; radius: number; start: number; duration: number; x: number; y: number; others: number[]; rank: number };

const GAP_PX = 14;

/** `hasKeys`: the chart has the focus, so Tab goes to the next dot at this position. */
export function HoverCard({ hover, hasKeys }: { hover: Hover; hasKeys: boolean }) {
  const { table } = useLive();
  const ref = useRef<HTMLDivElement>(null);
  const { slot, others, rank } = hover;
  useLayoutEffect(() => {
    moveBeside(ref.current!, hover);
    mark('hover');
  }, [hover]);
  if (table.alive[slot] === 0) return <div ref={ref} hidden />;
  const startMs = msOfOffset(table.start[slot]);
  const isRootless = (table.flags[slot] & FLAG_ROOTLESS) !== 0;
  return (
    <div ref={ref} className={styles['card']} role="presentation" data-testid="hover-card">
      <p className={styles['cardTitle']}>
        <Swatch service={table.service[slot]} />
        <strong>{serviceName(table.service[slot])}</strong>
        {(table.flags[slot] & FLAG_ERROR) !== 0 && <ErrorMark text="error" />}
        {isRootless && <RootlessMark />}
      </p>
      <p className={styles['cardOperation']}>{table.operations[slot]}</p>
      <dl className={styles['cardFacts']}>
        <dt>Duration</dt>
        <dd>{formatDuration(table.duration[slot])}</dd>
        <dt>Spans</dt>
        <dd>{plural(table.spans[slot], 'span')}</dd>
        <dt>Start</dt>
        <dd>
          {formatLocal(startMs)}
          <span className={styles['cardSoft']}>{formatUtc(startMs)}</span>
        </dd>
        <dt>Trace</dt>
        <dd className={styles['cardId']}>{table.ids[slot]}</dd>
      </dl>
      {isRootless && <p className={styles['cardMore']}>{NO_ROOT}</p>}
      {others.length > 1 && (
        <p className={styles['cardMore']}>
          {rank + 1} of {others.length} here{hasKeys && ', Tab for the next'}
        </p>
      )}
    </div>
  );
}

/** Moves the card beside the dot, to the side where there is room. */
function moveBeside(card: HTMLElement, { x, y, radius }: Hover): void {
  const plot = card.parentElement!.getBoundingClientRect();
  const box = card.getBoundingClientRect();
  const [dotX, dotY] = [x + MARGIN.left, y + MARGIN.top];
  const right = dotX + radius + GAP_PX;
  const left = right + box.width > plot.width ? dotX - radius - GAP_PX - box.width : right;
  const top = Math.min(Math.max(0, dotY - box.height / 2), Math.max(0, plot.height - box.height));
  card.style.transform = `translate(${Math.round(Math.max(0, left))}px, ${Math.round(top)}px)`;
}
