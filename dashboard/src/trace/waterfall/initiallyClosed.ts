// Decides which rows are closed when a trace is opened. Pure.

import { isError, type SpanColumns } from '../model/columns';
import type { CriticalPath } from '../model/criticalPath';
import type { Forest } from '../model/forest';
import { closeFromLevel } from './shownRows';

/** Limit: a trace of up to this size is shown open. */
const OPEN_SPANS_MAX = 500;
const LEVELS_OPEN = 3;
/** Limit: only the rows above the first errors are opened, not those above thousands of errors. */
const ERRORS_OPENED_MAX = 50;

export function initiallyClosed(columns: SpanColumns, forest: Forest, path: CriticalPath): Uint8Array {
  if (forest.count <= OPEN_SPANS_MAX) return new Uint8Array(forest.count);
  const closed = closeFromLevel(forest, LEVELS_OPEN);
  for (const row of path.keys()) openAbove(forest, closed, row);
  let errors = 0;
  for (let row = 0; row < forest.count && errors < ERRORS_OPENED_MAX; row += 1) {
    if (!isError(columns, forest.spanOf[row])) continue;
    errors += 1;
    openAbove(forest, closed, row);
  }
  return closed;
}

function openAbove(forest: Forest, closed: Uint8Array, row: number): void {
  for (let above = forest.parent[row]; above >= 0; above = forest.parent[above]) closed[above] = 0;
}
