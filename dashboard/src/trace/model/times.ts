// Times that follow from the tree: self time, the extent of a subtree, the extent of the trace. Pure.

import { endOf, type SpanColumns } from './columns';
import { childRows, type Forest } from './forest';

/** From the earliest start to the latest end, in ns from the base of the columns. */
export function extentOf(columns: SpanColumns): { from: number; to: number } {
  let [from, to] = [Infinity, -Infinity];
  for (let span = 0; span < columns.count; span += 1) {
    from = Math.min(from, columns.start[span]);
    to = Math.max(to, endOf(columns, span));
  }
  return { from, to };
}

/** The extent as it is drawn: a trace of one instant is drawn in the middle of a nanosecond. */
export function drawnExtent({ from, to }: { from: number; to: number }): { from: number; to: number } {
  return to > from ? { from, to } : { from: from - 0.5, to: from + 0.5 };
}

/** By row: its self time, in which none of its children was running. */
export function selfTimes(columns: SpanColumns, forest: Forest): Float64Array {
  const self = new Float64Array(forest.count);
  for (let row = 0; row < forest.count; row += 1) {
    let free = columns.duration[forest.spanOf[row]];
    for (const [from, to] of coveredParts(columns, forest, row)) free -= to - from;
    self[row] = Math.max(0, free);
  }
  return self;
}

/** The parts of a row in which children were running, in order and without overlap. */
export function* coveredParts(columns: SpanColumns, forest: Forest, row: number): Generator<[number, number]> {
  const span = forest.spanOf[row];
  const end = endOf(columns, span);
  let reached = columns.start[span];
  // Children are in the order of their starts.
  for (const child of childRows(forest, row)) {
    const childSpan = forest.spanOf[child];
    const from = Math.max(columns.start[childSpan], reached);
    const to = Math.min(endOf(columns, childSpan), end);
    if (to <= from) continue;
    yield [from, to];
    reached = to;
  }
}

/** By row: the earliest start and the latest end of its subtree. */
export function subtreeExtents(columns: SpanColumns, forest: Forest): { from: Float64Array; to: Float64Array } {
  const from = new Float64Array(forest.count);
  const to = new Float64Array(forest.count);
  for (let row = 0; row < forest.count; row += 1) {
    from[row] = columns.start[forest.spanOf[row]];
    to[row] = endOf(columns, forest.spanOf[row]);
  }
  for (let row = forest.count - 1; row > 0; row -= 1) {
    const above = forest.parent[row];
    if (above < 0) continue;
    from[above] = Math.min(from[above], from[row]);
    to[above] = Math.max(to[above], to[row]);
  }
  return { from, to };
}

/** How long before its parent a row begins, in ns; clocks that differ cause this. */
export function skewOf(columns: SpanColumns, forest: Forest, row: number): number {
  const above = forest.parent[row];
  if (above < 0) return 0;
  return Math.max(0, columns.start[forest.spanOf[above]] - columns.start[forest.spanOf[row]]);
}
