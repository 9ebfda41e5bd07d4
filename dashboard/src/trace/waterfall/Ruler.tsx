// The ruler above the bars, with times from the start of the trace, and vertical lines from its ticks through the rows.

import { formatDurationTick } from '../../format/duration';
import { linearTicks } from '../../format/ticks';
import styles from './Treegrid.module.css';

/** The width that a label needs; a label at the right edge is left out, because it would be cut. */
const LABEL_PX = 66;

type Props = { from: number; to: number; widthPx: number };

/** Ticks are never closer than a nanosecond, which is as precise as times are. */
function ticksOf({ from, to, widthPx }: Props): { at: number; share: number }[] {
  const most = Math.max(1, Math.min(Math.floor(widthPx / LABEL_PX), Math.floor(to - from)));
  return linearTicks(from, to, most).map((at) => ({ at, share: (at - from) / (to - from) }));
}

export function Ruler(props: Props) {
  return (
    <div className={styles['ruler']} data-ruler aria-hidden="true">
      {ticksOf(props).map(({ at, share }) => (
        <span key={at} className={styles['tick']} data-tick style={{ left: `${share * 100}%` }}>
          {(1 - share) * props.widthPx < LABEL_PX * 0.9 ? '' : at === 0 ? '0' : formatDurationTick(at)}
        </span>
      ))}
      <i className={styles['cursor']} data-cursor data-origin={props.from} hidden />
    </div>
  );
}

/** The lines lie below the rows and do not scroll with them. */
export function TimeLines(props: Props) {
  return (
    <div className={styles['lines']} aria-hidden="true" data-testid="time-lines">
      <div />
      <div className={styles['linesTime']}>
        {ticksOf(props).map(({ at, share }) => (
          <i key={at} style={{ left: `${share * 100}%` }} />
        ))}
      </div>
    </div>
  );
}
