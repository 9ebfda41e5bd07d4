// Round times above the bars, counted from the start of the trace.

import { useEffect, useRef, useState } from 'react';

import { formatDurationTick } from '../format/duration';
import { linearTicks } from '../scatter/ticks';
import styles from './Treegrid.module.css';

/** Room for a label, and for one at the right edge, which would be cut. */
const LABEL_PX = 66;

export function Ruler({ from, to }: { from: number; to: number }) {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const resize = new ResizeObserver(([entry]) => setWidth(entry.contentRect.width));
    resize.observe(ref.current!);
    return () => resize.disconnect();
  }, []);
  const ticks = linearTicks(from, to, Math.max(1, Math.floor(width / LABEL_PX)));
  return (
    <div ref={ref} className={styles['ruler']} data-ruler aria-hidden="true">
      {ticks.map((tick) => {
        const share = (tick - from) / (to - from);
        return (
          <span key={tick} className={styles['tick']} style={{ left: `${share * 100}%` }}>
            {(1 - share) * width < LABEL_PX * 0.9 ? '' : tick === 0 ? '0' : formatDurationTick(tick)}
          </span>
        );
      })}
      <i className={styles['cursor']} data-cursor data-origin={from} hidden />
    </div>
  );
}
