// A message over the chart while it shows no trace.

import { formatCount } from '../format/number';
import { useLive, useLiveState } from '../live/LiveContext';
import { nowOffset } from '../traces/clock';
import { rangeOf } from '../traces/range';
import { countIn } from '../traces/scope';
import type { TraceTable } from '../traces/table';
import { scopeOf } from '../traces/urlScope';
import { Button } from '../ui/Button';
import { pushUrl, useUrl } from '../url/location';
import type { UrlState } from '../url/state';
import styles from './Explore.module.css';
import { Waiting } from './Waiting';

/** `shown` is how many traces the chart shows. */
export function ChartOverlay({ shown }: { shown: number }) {
  const { table } = useLive();
  const { polledAt, server } = useLiveState();
  const url = useUrl();
  if (polledAt === null || server === null) return null;
  if (table.count === 0) return <Waiting server={server} />;
  if (shown > 0) return null;
  const count = (changed: Partial<UrlState>) => countWith(table, { ...url, ...changed }, server.windowNs);
  return <NothingMatches count={count} url={url} />;
}

function countWith(table: TraceTable, url: UrlState, windowNs: number | null): number {
  return countIn(table, scopeOf(url, rangeOf(url, windowNs, nowOffset())));
}

type Suggestion = { label: string; change: Partial<UrlState> };

/** Suggests which conditions to drop, and says how many traces that would show. */
function NothingMatches({ count, url }: { count: (change: Partial<UrlState>) => number; url: UrlState }) {
  const suggestions: Suggestion[] = [
    { label: 'Any status', change: { filter: 'all' } },
    { label: 'All services', change: { hidden: [] } },
    { label: 'The whole window', change: { range: null, last: null, live: true } },
    { label: 'Everything', change: { filter: 'all', hidden: [], range: null, last: null, live: true } },
  ];
  const useful = suggestions.map((suggestion) => ({ ...suggestion, count: count(suggestion.change) })).filter((suggestion) => suggestion.count > 0);
  const shown = useful.length > 1 ? useful.filter((suggestion) => suggestion.label !== 'Everything' || useful.length === 1) : useful;
  return (
    <div className={styles['overlay']}>
      <div className={styles['empty']}>
        <h2>No trace matches</h2>
        <p>{url.filter === 'all' ? 'Nothing in this range.' : `No ${url.filter} trace in this range.`}</p>
        <p className={styles['tools']}>
          {shown.map((suggestion) => (
            <Button key={suggestion.label} onClick={() => pushUrl(suggestion.change)}>
              {suggestion.label}: {formatCount(suggestion.count)}
            </Button>
          ))}
        </p>
      </div>
    </div>
  );
}
