// The numbers of the tiles: counted by the server over all matches where it can, else over what is held.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { getJson } from '../api/request';
import type { Stats } from '../api/types';
import { live, table } from '../live/live';
import { nowOffset, nsOfOffset } from '../traces/clock';
import { countNumbers, type Numbers } from '../traces/stats';
import type { UrlState } from '../url/state';
import { useStore } from '../ui/store';
import { rangeOf } from './range';
import { scopeOf } from './scopeOf';

export function useNumbers(url: UrlState): Numbers | null {
  const { server, version, polledAt, cap } = useStore(live);
  const isCounting = server?.features.has('stats') ?? false;
  const path = isCounting ? statsPath(url) : '';
  const { data } = useQuery({
    queryKey: ['stats', server?.base, url.filter, url.range, url.last, polledAt],
    queryFn: ({ signal }) => getJson<Stats>(path, { base: server!.base, signal }),
    enabled: isCounting && polledAt !== null,
    placeholderData: keepPreviousData,
  });
  const held = useMemo(() => {
    void version;
    if (server === null || isCounting) return null;
    const range = rangeOf(url, server.windowNs, nowOffset());
    return countNumbers(table, { ...scopeOf(url, range), hidden: new Set() }, table.count >= cap);
  }, [server, isCounting, url, version, cap]);
  return isCounting ? data ? fromAnswer(data) : null : held;
}

function statsPath(url: UrlState): string {
  const params = new URLSearchParams({ f: url.filter });
  const { from, to } = rangeOf(url, null, nowOffset());
  if (url.range !== null || url.last !== null) params.set('from', String(nsOfOffset(from)));
  if (url.range !== null) params.set('to', String(nsOfOffset(to)));
  return `/api/v1/stats?${params}`;
}

function fromAnswer(stats: Stats): Numbers {
  const { all, ok, error, traces, errors, spans, approximate } = stats;
  return {
    all, ok, error, traces, errors, spans, approximate,
    avg: stats.avg_ns, p50: stats.p50_ns, p95: stats.p95_ns, p99: stats.p99_ns,
  };
}
