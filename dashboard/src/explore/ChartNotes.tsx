// What the chart leaves out is said below it, never passed over.

import { formatCount } from '../format/number';
import { live, table } from '../live/live';
import { pushUrl } from '../url/location';
import { useStore } from '../ui/store';
import styles from './Explore.module.css';
import type { Survey } from './survey';

export function ChartNotes({ beyond }: { beyond: Survey['beyond'] }) {
  const { cap } = useStore(live);
  const isCut = table.total > table.count && table.count >= cap;
  const isOutside = beyond.above + beyond.below > 0;
  if (!isCut && !isOutside) return null;
  return (
    <p className={styles['note']} data-testid="chart-notes">
      {isCut && `Showing the newest ${formatCount(table.count)} of ${formatCount(table.total)} traces. `}
      {isOutside && (
        <>
          {formatCount(beyond.above)} above and {formatCount(beyond.below)} below what is shown.{' '}
          <button type="button" className={styles['linkButton']} onClick={() => pushUrl({ yRange: null })}>
            Show all durations
          </button>
        </>
      )}
    </p>
  );
}
