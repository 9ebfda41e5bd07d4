// Counts, averages and percentiles over the held traces that have a root, as the server counts them. Pure.

import { FLAG_ERROR, FLAG_ROOTLESS } from './delta';
import { percentilesOf } from './percentiles';
import { isIn, matchesFilter, type Scope } from './scope';
import type { TraceTable } from './table';

/** The numbers of the tiles, whether the page or the server has counted them. Durations are in ns. */
export type Numbers = {
  /** Traces of any status, of status OK and with an error; the status filter does not change these. */
  all: number;
  ok: number;
  error: number;
  /** Traces that match the status filter; the numbers below are of these. */
  traces: number;
  errors: number;
  spans: number;
  avg: number;
  p50: number;
  p95: number;
  p99: number;
  /** Whether the percentiles are only near. */
  approximate: boolean;
};

function isRootless({ flags }: TraceTable, slot: number): boolean {
  return (flags[slot] & FLAG_ROOTLESS) !== 0;
}

/** `isCut`: the server has more traces than are held, so percentiles are approximate. */
export function countNumbers(table: TraceTable, scope: Scope, isCut = false): Numbers {
  const any: Scope = { ...scope, filter: 'all' };
  const durations = new Float64Array(table.count);
  let [all, error, traces, errors, spans, sum] = [0, 0, 0, 0, 0, 0];
  for (let slot = 0; slot < table.used; slot += 1) {
    if (!isIn(table, slot, any) || isRootless(table, slot)) continue;
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

/** How many traces start in each of several equal parts of time; `from` and `step` in ns. */
export type Series = { from: number; step: number; traces: ArrayLike<number>; errors: ArrayLike<number> };

export function countSeries(table: TraceTable, scope: Scope, range: { from: number; to: number }, buckets: number): Series {
  const step = (range.to - range.from) / buckets;
  const [traces, errors] = [new Uint32Array(buckets), new Uint32Array(buckets)];
  for (let slot = 0; slot < table.used; slot += 1) {
    if (!isIn(table, slot, scope) || isRootless(table, slot)) continue;
    const bucket = Math.floor((table.start[slot] - range.from) / step);
    // A trace from a clock that runs ahead counts in the newest part.
    const at = Math.min(buckets - 1, Math.max(0, bucket));
    traces[at] += 1;
    if ((table.flags[slot] & FLAG_ERROR) !== 0) errors[at] += 1;
  }
  return { from: range.from, step, traces, errors };
}
