// A note below the chart that says which traces it lacks.

import { countApart, formatCount, plural } from '../format/number';
import { useLive, useLiveState } from '../live/LiveContext';
import type { TraceTable } from '../traces/table';
import { pushUrl, useUrl } from '../url/location';
import styles from './Explore.module.css';
import type { OverviewSummary } from './overviewSummary';

/** The axis goes a little beyond the longest trace, so that its dot is not cut. */
const AIR = 1.1;

export function ChartNotes({ summary: { beyond, fit, longest } }: { summary: OverviewSummary }) {
  const { table } = useLive();
  const { cap, server } = useLiveState();
  const damaged = server?.info?.damaged_files ?? 0;
  const { yRange } = useUrl();
  const total = table.total + table.rootless;
  const isCut = total > table.count && table.count >= cap;
  const isOutside = beyond.above + beyond.below > 0;
  if (!isCut && !isOutside && damaged === 0) return null;
  // An axis that fits the data leaves out traces that are far shorter than nearly all others.
  const all = yRange === null ? { min: fit.shortest, max: Math.round(longest * AIR) } : null;
  return (
    <p className={styles['note']} data-testid="chart-notes">
      {damaged > 0 && `The server has quarantined ${plural(damaged, 'damaged file')}: traces and spans may be missing. `}
      {isCut && cutNote(table)}
      {isOutside && (
        <>
          {formatCount(beyond.above)} above and {formatCount(beyond.below)} below what is shown.{' '}
          <button type="button" className={styles['linkButton']} onClick={() => pushUrl({ yRange: all })}>
            Show all durations
          </button>
        </>
      )}
    </p>
  );
}

function cutNote({ count, rooted, total, rootless }: TraceTable): string {
  if (rootless === 0) return `Showing the newest ${formatCount(count)} of ${formatCount(total)} traces. `;
  return `Showing the newest of all traces: ${countApart(rooted, count - rooted)}, of ${countApart(total, rootless)}. `;
}
