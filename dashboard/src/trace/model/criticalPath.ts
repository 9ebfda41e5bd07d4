// Finds the critical path: what the trace waited for at each moment. It goes from the end of the root backwards, each time
// into the child that finished last. Pure and iterative.

import { endOf, type SpanColumns } from './columns';
import { childRows, ROLE, type Forest } from './forest';

export type PathSection = { from: number; to: number };
/** The sections of each row that is on the path. */
export type CriticalPath = ReadonlyMap<number, PathSection[]>;

export function findCriticalPath(columns: SpanColumns, forest: Forest): CriticalPath {
  const path = new Map<number, PathSection[]>();
  if (forest.count === 0) return path;
  const root = mainTop(forest);
  const open: { row: number; from: number; to: number }[] = [];
  const rootSpan = forest.spanOf[root];
  open.push({ row: root, from: columns.start[rootSpan], to: endOf(columns, rootSpan) });
  while (open.length > 0) {
    const { row, from, to } = open.pop()!;
    let until = to;
    for (const child of byEnd(columns, forest, row, from, to)) {
      if (child.to > until) continue;
      add(path, row, child.to, until);
      open.push(child);
      until = child.from;
    }
    add(path, row, from, until, true);
  }
  for (const sections of path.values()) sections.sort((a, b) => a.from - b.from);
  return path;
}

/** The row of the first root, or of the first span where there is no root. */
export function mainTop(forest: Forest): number {
  for (let row = 0; row < forest.count; row = forest.end[row]) if (forest.role[row] === ROLE.root) return row;
  return forest.role[0] === ROLE.missing ? 1 : 0;
}

/** The children, cut to the time between `from` and `to`, the last to end first. */
function byEnd(columns: SpanColumns, forest: Forest, row: number, from: number, to: number) {
  const children: { row: number; from: number; to: number }[] = [];
  for (const child of childRows(forest, row)) {
    const span = forest.spanOf[child];
    const cut = { row: child, from: Math.max(from, columns.start[span]), to: Math.min(to, endOf(columns, span)) };
    if (cut.to > cut.from) children.push(cut);
  }
  return children.sort((a, b) => b.to - a.to || b.from - a.from);
}

/** Adds a section. A row that waits for its children all the time is on the path without a section. */
function add(path: Map<number, PathSection[]>, row: number, from: number, to: number, isLast = false): void {
  if (to <= from && !isLast) return;
  const sections = path.get(row) ?? [];
  if (to > from) sections.push({ from, to });
  path.set(row, sections);
}
