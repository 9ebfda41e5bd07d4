// What the chart leaves out is said below it, never passed over.

import { formatCount } from '../format/number';
import { live, table } from '../live/live';
import { nowOffset } from '../traces/clock';
import { countIn } from '../traces/scope';
import { pushUrl, useUrl } from '../url/location';
import type { UrlState } from '../url/state';
import { useStore } from '../ui/store';
import styles from './Explore.module.css';
import { rangeOf } from './range';
import { scopeOf } from './scopeOf';

export function ChartNotes() {
  const { version, cap, server } = useStore(live);
  const url = useUrl();
  void version;
  const isCut = table.total > table.count && table.count >= cap;
  const outside = beyondRange(url, server?.windowNs ?? null);
  if (!isCut && outside === null) return null;
  return (
    <p className={styles['note']} data-testid="chart-notes">
      {isCut && `Showing the newest ${formatCount(table.count)} of ${formatCount(table.total)} traces. `}
      {outside !== null && (
        <>
          {formatCount(outside.above)} above and {formatCount(outside.below)} below what is shown.{' '}
          <button type="button" className={styles['linkButton']} onClick={() => pushUrl({ yRange: null })}>
            Show all durations
          </button>
        </>
      )}
    </p>
  );
}

/** Traces of the shown time that are longer or shorter than the shown durations. */
function beyondRange(url: UrlState, windowNs: number | null): { above: number; below: number } | null {
  if (url.yRange === null) return null;
  const scope = scopeOf(url, rangeOf(url, windowNs, nowOffset()));
  const { min, max } = url.yRange;
  const above = countIn(table, { ...scope, minDuration: max });
  // The row of zeros is always in sight on a logarithmic axis.
  const below = countIn(table, { ...scope, minDuration: url.yScale === 'log' ? 1 : 0, maxDuration: min });
  return above + below > 0 ? { above, below } : null;
}
