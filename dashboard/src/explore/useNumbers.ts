// The numbers of the tiles and the strip. While all is held here they are counted here, so that they are those of the
// same traces as the chart, the legend and the table; beyond that the server counts over all that match.

import { useMemo } from 'react';

import { describe } from '../api/failure';
import { useLive, useLiveState } from '../live/LiveContext';
import type { LiveState } from '../live/liveTraces';
import { nowOffset } from '../traces/clock';
import { countNumbers, countSeries, type Numbers, type Series } from '../traces/stats';
import type { UrlState } from '../url/state';
import { rangeBefore, rangeOf, type Range } from '../traces/range';
import { scopeOf } from '../traces/urlScope';
import { numbersOf, seriesOf, STRIP_PARTS, useStats } from './useStats';

export type Counted = {
  numbers: Numbers | null;
  /** What the numbers are not, in words. */
  note: string | null;
};

/** Whether the server has to count, because there is more than is held here. */
function asksServer({ server, holdsAll }: LiveState): boolean {
  return server !== null && server.features.has('stats') && !holdsAll;
}

/** Of the shown range. */
export function useNumbers(url: UrlState): Counted {
  const { table } = useLive();
  const state = useLiveState();
  const { server, version, cap } = state;
  const isAsked = asksServer(state);
  const { data, error } = useStats(url, url.range === null && url.last === null ? 'window' : 'range', isAsked);
  const isHeld = server !== null && (!isAsked || error !== null);
  const held = useMemo(() => {
    void version;
    if (!isHeld) return null;
    const range = rangeOf(url, server.windowNs, nowOffset());
    return countNumbers(table, scopeOf(url, range), isAsked || table.count >= cap);
  }, [table, server, isHeld, isAsked, url, version, cap]);
  if (isHeld) return { numbers: held, note: error && `Counted over the traces that are held here, because the server could not count: ${describe(error)}` };
  const note = url.hidden.length > 0 ? 'These numbers are of all services: more traces match than are held here.' : null;
  return { numbers: data ? numbersOf(data) : null, note };
}

/** Of as long a time right before the shown range, where it is still in the window. */
export function useNumbersBefore(url: UrlState): Numbers | null {
  const { table } = useLive();
  const state = useLiveState();
  const { server, polledAt } = state;
  const isAsked = asksServer(state);
  const isThere = rangeBefore(url, server?.effectiveNs ?? null, nowOffset()) !== null;
  const { data } = useStats(url, 'before', isThere && isAsked);
  const held = useMemo(() => {
    // With the poll is soon enough for what only slides.
    void polledAt;
    const range = isAsked ? null : rangeBefore(url, server?.effectiveNs ?? null, nowOffset());
    return range && countNumbers(table, exactScope(url, range));
  }, [table, server, isAsked, url, polledAt]);
  if (!isThere) return null;
  return isAsked ? (data ? numbersOf(data) : null) : held;
}

/** Of the whole window. */
export function useSeries(url: UrlState): Series | null {
  const { table } = useLive();
  const state = useLiveState();
  const { server, polledAt } = state;
  const isAsked = asksServer(state);
  const { data, error } = useStats(url, 'window', isAsked);
  const isHeld = server !== null && (!isAsked || error !== null);
  const held = useMemo(() => {
    void polledAt;
    if (!isHeld) return null;
    const whole = { ...url, range: null, last: null };
    const range = rangeOf(whole, server.windowNs, nowOffset());
    return countSeries(table, scopeOf(whole, range), range, STRIP_PARTS);
  }, [table, server, isHeld, url, polledAt]);
  return useMemo(() => (isHeld ? held : data ? seriesOf(data) : null), [isHeld, data, held]);
}

/** Without the open right edge of a chart that follows the clock. */
function exactScope(url: UrlState, range: Range) {
  return { ...scopeOf(url, range), to: range.to };
}
