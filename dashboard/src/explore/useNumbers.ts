// The numbers of the tiles and the strip. While the page holds every trace it counts itself, so that the numbers agree
// with chart, legend and table in every frame. Else the server counts over all traces that match.

import { useMemo } from 'react';

import { describe } from '../api/failure';
import { useLive, useLiveState } from '../live/LiveContext';
import type { LiveState } from '../live/liveState';
import { nowOffset } from '../traces/clock';
import { rangeBefore, rangeOf, type Range } from '../traces/range';
import { countNumbers, countSeries, type Numbers, type Series } from '../traces/stats';
import { scopeOf } from '../traces/urlScope';
import type { UrlState } from '../url/state';
import { numbersOf, seriesOf, STRIP_PARTS, useStats } from './useStats';

export type Counted = {
  numbers: Numbers | null;
  /** A sentence on which traces were counted, where it is not those that are shown. */
  note: string | null;
};

/** Whether the server has to count, because it has traces that the page does not hold. */
function asksServer({ server, holdsAll }: LiveState): boolean {
  return server !== null && server.features.has('stats') && !holdsAll;
}

/** The numbers of the shown range. */
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
  if (isHeld) return { numbers: held, note: error && `Counted only over the traces loaded in this page, because the server could not count: ${describe(error)}` };
  const note = url.hidden.length > 0 ? 'These numbers include hidden services, because more traces match than this page has loaded.' : null;
  return { numbers: data ? numbersOf(data) : null, note };
}

/** The numbers of the range before the shown one, where that is still in the window. */
export function useNumbersBefore(url: UrlState): Numbers | null {
  const { table } = useLive();
  const state = useLiveState();
  const { server, polledAt } = state;
  const isAsked = asksServer(state);
  const isThere = rangeBefore(url, server?.effectiveNs ?? null, nowOffset()) !== null;
  const { data } = useStats(url, 'before', isThere && isAsked);
  const held = useMemo(() => {
    // A count per poll is enough: this range only slides with the clock.
    void polledAt;
    const range = isAsked ? null : rangeBefore(url, server?.effectiveNs ?? null, nowOffset());
    return range && countNumbers(table, exactScope(url, range));
  }, [table, server, isAsked, url, polledAt]);
  if (!isThere) return null;
  return isAsked ? (data ? numbersOf(data) : null) : held;
}

/** Traces and errors over the whole window. */
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

/** The scope without the extra time for clocks that run ahead. */
function exactScope(url: UrlState, range: Range) {
  return { ...scopeOf(url, range), to: range.to };
}
