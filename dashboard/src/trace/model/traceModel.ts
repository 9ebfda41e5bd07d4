// The model of a trace: everything that is derived from its spans, computed once for each revision.

import { mark } from '../../perf/perf';
import { isError, type SpanColumns } from './columns';
import { findCriticalPath, mainTop, type CriticalPath } from './criticalPath';
import { growForest, ROLE, type Forest } from './forest';
import { findGroups, type Groups } from './groups';
import { drawnExtent, extentOf, selfTimes, subtreeExtents } from './times';

export type TraceModel = {
  columns: SpanColumns;
  forest: Forest;
  /** From the earliest start to the latest end. */
  extent: { from: number; to: number };
  /** The extent as it is drawn, never with a width of 0. */
  drawn: { from: number; to: number };
  /** By row: its self time, and the extent of its subtree. */
  self: Float64Array;
  below: { from: Float64Array; to: Float64Array };
  path: CriticalPath;
  groups: Groups;
  /** The row of the root, or of the first span without one. */
  root: number;
  /** The span that names the trace: the root, or the earliest span without one, as in the overview. */
  titleSpan: number;
  errors: number;
  /** The services by index, in order of appearance. */
  services: number[];
  /** How many levels the forest has. */
  depth: number;
};

export function modelOf(columns: SpanColumns): TraceModel {
  const began = performance.now();
  const forest = growForest(columns);
  let [errors, depth] = [0, 0];
  for (let row = 0; row < forest.count; row += 1) {
    if (isError(columns, row)) errors += 1;
    depth = Math.max(depth, forest.depth[row] + 1);
  }
  const extent = extentOf(columns);
  const root = mainTop(forest);
  const model = {
    columns,
    forest,
    extent,
    drawn: drawnExtent(extent),
    self: selfTimes(columns, forest),
    below: subtreeExtents(columns, forest),
    path: findCriticalPath(columns, forest),
    groups: findGroups(columns, forest),
    root,
    titleSpan: titleSpanOf(columns, forest, root),
    errors,
    services: [...new Set(columns.service)],
    depth,
  };
  mark('trace-model', performance.now() - began);
  return model;
}

function titleSpanOf({ recorded, start }: SpanColumns, forest: Forest, root: number): number {
  if (forest.role[root] === ROLE.root) return forest.spanOf[root];
  let earliest = 0;
  for (let span = 1; span < recorded; span += 1) if (start[span] < start[earliest]) earliest = span;
  return earliest;
}
