// Finds spans that begin before their parent because clocks differ, and moves them so that they fit. Pure.

import type { SpanColumns } from './columns';
import type { Forest } from './forest';
import { skewOf } from './times';

export function countSkewed(columns: SpanColumns, forest: Forest): number {
  let count = 0;
  for (let row = 0; row < forest.count; row += 1) if (skewOf(columns, forest, row) > 0) count += 1;
  return count;
}

/**
 * The starts with each early span moved to its parent's start, together with all spans below it. The order of siblings
 * stays, because only the earliest move and not past the others. So each row is the same span before and after.
 */
export function shiftedStarts(columns: SpanColumns, forest: Forest): Float64Array {
  const start = columns.start.slice();
  const moved = new Float64Array(forest.count);
  for (let row = 0; row < forest.count; row += 1) {
    const above = forest.parent[row];
    if (above < 0) continue;
    const span = forest.spanOf[row];
    const along = start[span] + moved[above];
    start[span] = Math.max(along, start[forest.spanOf[above]]);
    moved[row] = start[span] - columns.start[span];
  }
  return start;
}
