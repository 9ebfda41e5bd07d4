// The strip below the chart: traces and errors over the whole window. A drag on it chooses the range that the chart shows.

import { useMemo } from 'react';

import { formatLocal } from '../format/time';
import { useLiveState } from '../live/LiveContext';
import { msOfOffset, nowOffset } from '../traces/clock';
import { rangeOf } from '../traces/range';
import type { Interval } from '../ui/interval';
import { RangeBrush } from '../ui/RangeBrush';
import { urlGesture, useUrl } from '../url/location';
import type { UrlState } from '../url/state';
import styles from './OverviewStrip.module.css';
import { columnsPath } from './stripPath';
import { useSeries } from './useNumbers';

const writeRange = urlGesture();

export function OverviewStrip() {
  const url = useUrl();
  const { server } = useLiveState();
  const series = useSeries(url);
  const paths = useMemo(() => {
    if (series === null) return null;
    const most = Math.max(1, ...Array.from(series.traces));
    return { traces: columnsPath(series.traces, most), errors: columnsPath(series.errors, most), parts: series.traces.length };
  }, [series]);
  if (server === null) return null;
  const whole = rangeOf({ ...url, range: null, last: null }, server.windowNs, nowOffset());
  return (
    <RangeBrush
      whole={whole.to - whole.from}
      part={shownPart(url, whole)}
      onPart={(part, isDone) => showPart(part, whole.from, isDone)}
      speak={(at) => formatLocal(msOfOffset(whole.from + at))}
      label="The whole window"
      className={styles['strip']}
    >
      {paths && (
        <svg className={styles['columns']} viewBox={`0 0 ${paths.parts} 1`} preserveAspectRatio="none" aria-hidden="true" data-testid="strip">
          <path className={styles['traces']} d={paths.traces} />
          <path className={styles['errors']} d={paths.errors} />
        </svg>
      )}
    </RangeBrush>
  );
}

/** The shown range within the window; `null` where the chart shows all of it. */
function shownPart(url: UrlState, whole: Interval): Interval | null {
  if (url.range === null && url.last === null) return null;
  const shown = rangeOf(url, whole.to - whole.from, whole.to);
  const cut = (at: number) => Math.min(whole.to, Math.max(whole.from, at)) - whole.from;
  const part = { from: cut(shown.from), to: cut(shown.to) };
  return part.from <= 0 && part.to >= whole.to - whole.from ? null : part;
}

function showPart(part: Interval | null, from: number, isDone: boolean): void {
  if (part === null) writeRange({ range: null, last: null, live: true }, isDone);
  else writeRange({ range: { from: msOfOffset(from + part.from), to: msOfOffset(from + part.to) }, live: false }, isDone);
}
