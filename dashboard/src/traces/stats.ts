// Numbers over the traces that are held. Pure.

import { FLAG_ERROR } from './delta';
import { percentilesOf } from './percentiles';
import { isIn, matchesFilter, type Scope } from './scope';
import type { TraceTable } from './table';

/** What the tiles show, wherever it was counted. */
export type Numbers = {
  all: number;
  ok: number;
  error: number;
  traces: number;
  errors: number;
  spans: number;
  avg: number;
  p50: number;
  p95: number;
  p99: number;
  approximate: boolean;
};

/** `isCut` says that the server has more than is held; then percentiles are near, not exact. */
export function countNumbers(table: TraceTable, scope: Scope, isCut = false): Numbers {
  const any: Scope = { ...scope, filter: 'all' };
  const durations = new Float64Array(table.count);
  let [all, error, traces, errors, spans, sum] = [0, 0, 0, 0, 0, 0];
  for (let slot = 0; slot < table.used; slot += 1) {
    if (!isIn(table, slot, any)) continue;
    const failed = (table.flags[slot] & FLAG_ERROR) !== 0;
    all += 1;
    if (failed) error += 1;
    if (!matchesFilter(table.flags[slot], scope.filter)) continue;
    durations[traces] = table.duration[slot];
    sum += table.duration[slot];
    spans += table.spans[slot];
    traces += 1;
    if (failed) errors += 1;
  }
  const [p50, p95, p99] = percentilesOf(durations.subarray(0, traces), [50, 95, 99]);
  const avg = traces === 0 ? 0 : Math.floor(sum / traces);
  return { all, ok: all - error, error, traces, errors, spans, avg, p50, p95, p99, approximate: isCut };
}

/** Traces by when they start, in equal parts; offsets in ns. */
export type Series = { from: number; step: number; traces: ArrayLike<number>; errors: ArrayLike<number> };

export function countSeries(table: TraceTable, scope: Scope, range: { from: number; to: number }, buckets: number): Series {
  const step = (range.to - range.from) / buckets;
  const [traces, errors] = [new Uint32Array(buckets), new Uint32Array(buckets)];
  for (let slot = 0; slot < table.used; slot += 1) {
    if (!isIn(table, slot, scope)) continue;
    const bucket = Math.floor((table.start[slot] - range.from) / step);
    // Clocks that run ahead belong to the newest part.
    const at = Math.min(buckets - 1, Math.max(0, bucket));
    traces[at] += 1;
    if ((table.flags[slot] & FLAG_ERROR) !== 0) errors[at] += 1;
  }
  return { from: range.from, step, traces, errors };
}
