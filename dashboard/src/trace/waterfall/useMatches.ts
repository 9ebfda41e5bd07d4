// The matches of the searched text: names at once, attributes as soon as the server has answered.

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { mark } from '../../perf/perf';
import { findRows, merged } from '../model/find';
import type { LoadedTrace } from '../model/loading';
import { slowestRows } from '../model/slowest';
import type { TraceModel } from '../model/traceModel';

/** Shorter texts match nearly every span. */
const SEARCH_CHARS_MIN = 2;

export type Matches = {
  rows: number[];
  /** By row: 1 where it matches; `null` without a search. */
  by: Uint8Array | null;
  isSearching: boolean;
  truncated: boolean;
  /** Searches attributes again after a failure; `null` without one. */
  retry: (() => void) | null;
};

/** Without a text the slowest spans are the matches, where they are marked. */
export function useMatches(loaded: LoadedTrace, model: TraceModel, text: string, marksSlowest: boolean): Matches {
  const { columns, forest } = model;
  const wanted = text.trim();
  const isAsked = loaded.search !== null && wanted.length >= SEARCH_CHARS_MIN;
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['search', columns.traceId, columns.rev, columns.count, wanted],
    queryFn: ({ signal }) => loaded.search!(wanted, signal),
    enabled: isAsked,
  });
  const own = useMemo(() => {
    const began = performance.now();
    const rows = findRows(columns, forest, wanted);
    if (wanted !== '') mark('find', performance.now() - began);
    return rows;
  }, [columns, forest, wanted]);
  const slowest = useMemo(() => (marksSlowest ? slowestRows(model) : null), [model, marksSlowest]);
  const retry = useMemo(() => (isAsked && error !== null && !isFetching ? () => void refetch() : null), [isAsked, error, isFetching, refetch]);
  return useMemo(() => {
    // In another revision of the trace these positions are other spans.
    const isSame = data !== undefined && (columns.rev === null || data.rev === columns.rev);
    const remote = isAsked && isSame ? data.matches.map((position) => forest.rowOf[position]).sort((a, b) => a - b) : [];
    const rows = wanted === '' && slowest !== null ? slowest : merged(own, remote);
    const by = wanted === '' && slowest === null ? null : new Uint8Array(forest.count);
    for (const row of rows) by![row] = 1;
    return { rows, by, isSearching: isAsked && isFetching, truncated: data?.truncated ?? false, retry };
  }, [own, data, isAsked, isFetching, columns, forest, wanted, slowest, retry]);
}
