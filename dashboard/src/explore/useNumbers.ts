// The numbers of the tiles and the strip: counted by the server over all matches where it can, else over what is held.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { getJson } from '../api/request';
import type { Stats } from '../api/types';
import { live, table } from '../live/live';
import { nowOffset, nsOfOffset, offsetOfNs } from '../traces/clock';
import { countNumbers, countSeries, type Numbers, type Series } from '../traces/stats';
import type { UrlState } from '../url/state';
import { useStore } from '../ui/store';
import { rangeBefore, rangeOf } from './range';
import { scopeOf } from './scopeOf';

/** As many parts as the strip can show apart on a small screen. */
const BUCKETS = 150;

/** Of the shown range. */
export function useNumbers(url: UrlState): Numbers | null {
  const { server, version, cap } = useStore(live);
  const answer = useStats(url, url.range === null && url.last === null ? 'window' : 'range');
  const isCounting = server?.features.has('stats') ?? false;
  const held = useMemo(() => {
    void version;
    if (server === null || isCounting) return null;
    const range = rangeOf(url, server.windowNs, nowOffset());
    return countNumbers(table, { ...scopeOf(url, range), hidden: new Set() }, table.count >= cap);
  }, [server, isCounting, url, version, cap]);
  return answer === undefined ? held : numbersOf(answer);
}

/** Of as long a time right before the shown range, where the server counts and still has it. */
export function useNumbersBefore(url: UrlState): Numbers | null {
  const { server } = useStore(live);
  const isThere = rangeBefore(url, server?.effectiveNs ?? null, nowOffset()) !== null;
  const answer = useStats(url, 'before', isThere);
  return isThere && answer !== undefined ? numbersOf(answer) : null;
}

/** Of the whole window. */
export function useSeries(url: UrlState): Series | null {
  const { server, version } = useStore(live);
  const answer = useStats(url, 'window');
  const isCounting = server?.features.has('stats') ?? false;
  const held = useMemo(() => {
    void version;
    if (server === null || isCounting) return null;
    const whole = { ...url, range: null, last: null };
    const range = rangeOf(whole, server.windowNs, nowOffset());
    return countSeries(table, { ...scopeOf(whole, range), hidden: new Set() }, range, BUCKETS);
  }, [server, isCounting, url, version]);
  return useMemo(() => (answer === undefined ? held : seriesOf(answer)), [answer, held]);
}

type About = 'window' | 'range' | 'before';

/** Hooks share the answer where they ask for the same. */
function useStats(url: UrlState, about: About, isWanted = true): Stats | undefined {
  const { server, polledAt } = useStore(live);
  const isCounting = server?.features.has('stats') ?? false;
  const asked = about === 'window' ? { ...url, range: null, last: null } : url;
  const { data } = useQuery({
    queryKey: ['stats', server?.base, about, asked.filter, asked.range, asked.last, polledAt],
    queryFn: ({ signal }) => getJson<Stats>(about === 'before' ? pathBefore(url, server!.effectiveNs) : statsPath(asked), { base: server!.base, signal }),
    enabled: isWanted && isCounting && polledAt !== null,
    placeholderData: keepPreviousData,
  });
  return isCounting ? data : undefined;
}

function statsPath(url: UrlState): string {
  const params = new URLSearchParams({ f: url.filter });
  const { from, to } = rangeOf(url, null, nowOffset());
  if (url.range === null && url.last === null) params.set('buckets', String(BUCKETS));
  else params.set('from', String(nsOfOffset(from)));
  if (url.range !== null) params.set('to', String(nsOfOffset(to)));
  return `/api/v1/stats?${params}`;
}

function pathBefore(url: UrlState, windowNs: number | null): string {
  const { from, to } = rangeBefore(url, windowNs, nowOffset()) ?? { from: 0, to: 0 };
  return `/api/v1/stats?${new URLSearchParams({ f: url.filter, from: String(nsOfOffset(from)), to: String(nsOfOffset(to)) })}`;
}

function numbersOf(stats: Stats): Numbers {
  const { all, ok, error, traces, errors, spans, approximate } = stats;
  return {
    all, ok, error, traces, errors, spans, approximate,
    avg: stats.avg_ns, p50: stats.p50_ns, p95: stats.p95_ns, p99: stats.p99_ns,
  };
}

function seriesOf({ series }: Stats): Series | null {
  if (series === undefined) return null;
  return { from: offsetOfNs(BigInt(series.base_ns)), step: series.step_ns, traces: series.traces, errors: series.errors };
}
