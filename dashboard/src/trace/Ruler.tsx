// Round times above the bars, counted from the start of the trace.

import { formatDuration } from '../format/duration';
import { linearTicks } from '../scatter/ticks';
import styles from './Treegrid.module.css';

const TICKS_MOST = 6;

export function Ruler({ from, to }: { from: number; to: number }) {
  const ticks = linearTicks(from, to, TICKS_MOST);
  return (
    <div className={styles['ruler']} data-ruler aria-hidden="true">
      {ticks.map((tick) => {
        const left = ((tick - from) / (to - from)) * 100;
        return (
          <span key={tick} className={styles['tick']} style={{ left: `${left}%` }} data-last={left > 92 || undefined}>
            {tick === 0 ? '0' : formatDuration(tick)}
          </span>
        );
      })}
      <i className={styles['cursor']} data-cursor data-origin={from} hidden />
    </div>
  );
}
