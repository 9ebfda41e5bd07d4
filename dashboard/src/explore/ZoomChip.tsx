// A button that zooms to the traces while most of the time axis is empty, as in the first minutes after a start.

import { formatDuration } from '../format/duration';
import { countApart, plural } from '../format/number';
import { useLiveState } from '../live/LiveContext';
import { nowOffset } from '../traces/clock';
import { Button } from '../ui/Button';
import { pushUrl, useUrl } from '../url/location';
import styles from './Explore.module.css';
import { lastWithAll } from './lastChoices';
import type { OverviewSummary } from './overviewSummary';

export function ZoomChip({ summary: { count, rootless, oldest } }: { summary: OverviewSummary }) {
  const { server } = useLiveState();
  const { range, last } = useUrl();
  if (server?.windowNs == null || count === 0 || range !== null || last !== null) return null;
  const ms = lastWithAll(oldest, nowOffset(), server.windowNs);
  if (ms === null) return null;
  const all = count === 1 ? 'The only trace is' : `All ${nameTraces(count - rootless, rootless)} are`;
  return (
    <div className={styles['chip']}>
      <Button onClick={() => pushUrl({ last: ms, yRange: null })}>
        {all} in the last {formatDuration(ms * 1e6)}: zoom in
      </Button>
    </div>
  );
}

function nameTraces(traces: number, rootless: number): string {
  return rootless === 0 ? plural(traces, 'trace') : `traces (${countApart(traces, rootless)})`;
}
