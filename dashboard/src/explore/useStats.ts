// Asks the server for its numbers after each poll.

import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';

import { getJson } from '../api/request';
import type { Stats } from '../api/types';
import { useLiveState } from '../live/LiveContext';
import { nowOffset, nsOfOffset, offsetOfNs } from '../traces/clock';
import { rangeBefore, rangeOf } from '../traces/range';
import type { Numbers, Series } from '../traces/stats';
import type { UrlState } from '../url/state';

/** As many parts as the strip can show on a small screen. */
export const STRIP_PARTS = 150;

type About = 'window' | 'range' | 'before';

/** Hooks that ask for the same numbers share one request. */
export function useStats(url: UrlState, about: About, isWanted: boolean): { data: Stats | undefined; error: Error | null } {
  const { server, polledAt } = useLiveState();
  const base = server?.base;
  const asked = about === 'window' ? { ...url, range: null, last: null } : url;
  const path = () => (about === 'before' ? pathBefore(url, server!.effectiveNs) : statsPath(asked));
  const failed = useRef<{ base: string | undefined; error: Error } | null>(null);
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['stats', base, about, asked.filter, asked.range, asked.last, polledAt],
    queryFn: ({ signal }) => getJson<Stats>(path(), { base: base!, signal }),
    enabled: isWanted && polledAt !== null,
    // The last numbers stay until new ones arrive, but not those of another server.
    placeholderData: (before, query) => (query?.queryKey[1] === base ? before : undefined),
  });
  // Each poll asks again; an error of the last request stands until there is an answer.
  if (error !== null) failed.current = { base, error };
  else if (failed.current?.base !== base || (data !== undefined && !isPlaceholderData)) failed.current = null;
  if (!isWanted) return { data: undefined, error: null };
  return failed.current === null ? { data, error: null } : { data: undefined, error: failed.current.error };
}

function statsPath(url: UrlState): string {
  const params = new URLSearchParams({ f: url.filter });
  const { from, to } = rangeOf(url, null, nowOffset());
  if (url.range === null && url.last === null) params.set('buckets', String(STRIP_PARTS));
  else params.set('from', String(nsOfOffset(from)));
  if (url.range !== null) params.set('to', String(nsOfOffset(to)));
  return `/api/v1/stats?${params}`;
}

function pathBefore(url: UrlState, windowNs: number | null): string {
  const { from, to } = rangeBefore(url, windowNs, nowOffset()) ?? { from: 0, to: 0 };
  return `/api/v1/stats?${new URLSearchParams({ f: url.filter, from: String(nsOfOffset(from)), to: String(nsOfOffset(to)) })}`;
}

export function numbersOf(stats: Stats): Numbers {
  const { all, ok, error, traces, errors, spans, approximate } = stats;
  return {
    all, ok, error, traces, errors, spans, approximate,
    avg: stats.avg_ns, p50: stats.p50_ns, p95: stats.p95_ns, p99: stats.p99_ns,
  };
}

export function seriesOf({ series }: Stats): Series | null {
  if (series === undefined) return null;
  return { from: offsetOfNs(BigInt(series.base_ns)), step: series.step_ns, traces: series.traces, errors: series.errors };
}
