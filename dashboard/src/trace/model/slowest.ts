// Finds the spans with the most self time. Pure.

import type { TraceModel } from './traceModel';

export const SLOWEST_COUNT = 20;

/** Their rows, in order. By duration the ancestors of slow spans would fill the list. */
export function slowestRows({ self, forest }: TraceModel): number[] {
  const kept: number[] = [];
  for (let row = 0; row < forest.count; row += 1) {
    if (self[row] <= 0 || (kept.length >= SLOWEST_COUNT && self[row] <= self[kept[kept.length - 1]])) continue;
    let at = kept.length;
    while (at > 0 && self[kept[at - 1]] < self[row]) at -= 1;
    kept.splice(at, 0, row);
    if (kept.length > SLOWEST_COUNT) kept.pop();
  }
  return kept.sort((a, b) => a - b);
}
