// Orders spans as a forest, depth first. Pure, iterative and linear: no shape of parents makes it loop or overflow.
//
// A row is an index in that order. The descendants of a row are the rows behind it, up to `end`.

import { MISSING_PARENT, type SpanColumns } from './columns';

/** What a row is in the forest; a missing parent is a row of its own. */
export const ROLE = { child: 0, root: 1, orphan: 2, cycle: 3, missing: 4 } as const;

export type Forest = {
  count: number;
  /** The span of a row, and the row of a span. */
  spanOf: Int32Array;
  rowOf: Int32Array;
  /** The row of the parent; -1 for a top row. */
  parent: Int32Array;
  depth: Int32Array;
  /** The row after the last descendant. */
  end: Int32Array;
  children: Int32Array;
  /** The number of the row among its siblings, from 1. */
  position: Int32Array;
  role: Uint8Array;
  /** How many rows have no row above them. */
  tops: number;
};

export function growForest(columns: SpanColumns): Forest {
  const { count } = columns;
  const below = childrenOf(columns);
  const { tops, role } = findTops(columns);
  const forest = emptyForest(count);
  let row = 0;
  const stack: number[] = [];
  const rowOfParent: number[] = [];
  const push = (span: number, parentRow: number) => {
    stack.push(span);
    rowOfParent.push(parentRow);
  };
  // The last is pushed first, so that the first is popped first.
  for (let at = tops.length - 1; at >= 0; at -= 1) push(tops[at], -1);
  while (stack.length > 0) {
    const span = stack.pop()!;
    const parentRow = rowOfParent.pop()!;
    placeRow(forest, row, span, parentRow, role[span]);
    for (let at = below.offset[span + 1] - 1; at >= below.offset[span]; at -= 1) {
      // The top of a cycle is also the child of a span, but has only one row.
      if (role[below.spans[at]] === ROLE.child) push(below.spans[at], row);
    }
    row += 1;
  }
  closeSubtrees(forest);
  return forest;
}

function emptyForest(count: number): Forest {
  const column = () => new Int32Array(count);
  return {
    count,
    spanOf: column(),
    rowOf: column(),
    parent: column(),
    depth: column(),
    end: column(),
    children: column(),
    position: column(),
    role: new Uint8Array(count),
    tops: 0,
  };
}

function placeRow(forest: Forest, row: number, span: number, parentRow: number, role: number): void {
  forest.spanOf[row] = span;
  forest.rowOf[span] = row;
  forest.parent[row] = parentRow;
  forest.role[row] = role;
  forest.end[row] = row + 1;
  if (parentRow < 0) {
    forest.tops += 1;
    forest.position[row] = forest.tops;
    return;
  }
  forest.depth[row] = forest.depth[parentRow] + 1;
  forest.children[parentRow] += 1;
  forest.position[row] = forest.children[parentRow];
}

/** Sets every `end`. Children come after their parents, so one pass from the back is enough. */
function closeSubtrees({ count, parent, end }: Forest): void {
  for (let row = count - 1; row >= 0; row -= 1) {
    const above = parent[row];
    if (above >= 0 && end[above] < end[row]) end[above] = end[row];
  }
}

/** The children of all spans in one array, in the order of the columns: by start, then by id. */
function childrenOf({ count, parent }: SpanColumns): { offset: Int32Array; spans: Int32Array } {
  const offset = new Int32Array(count + 1);
  for (let span = 0; span < count; span += 1) if (parent[span] >= 0) offset[parent[span] + 1] += 1;
  for (let span = 0; span < count; span += 1) offset[span + 1] += offset[span];
  const spans = new Int32Array(offset[count]);
  const next = offset.slice(0, count);
  for (let span = 0; span < count; span += 1) {
    const above = parent[span];
    if (above >= 0) spans[next[above]++] = span;
  }
  return { offset, spans };
}

/** The tops by start: roots, missing parents, orphans and one span of each cycle. */
function findTops(columns: SpanColumns): { tops: number[]; role: Uint8Array } {
  const { count, recorded, parent, start } = columns;
  const role = new Uint8Array(count);
  // 0, or the walk that reached the span first. Each span is walked over once.
  const seenBy = new Int32Array(count);
  for (let span = 0; span < count; span += 1) {
    if (span >= recorded) role[span] = ROLE.missing;
    else if (parent[span] < 0) role[span] = parent[span] === MISSING_PARENT ? ROLE.orphan : ROLE.root;
    let at = span;
    while (at >= 0 && seenBy[at] === 0) {
      seenBy[at] = span + 1;
      at = parent[at];
    }
    if (at >= 0 && seenBy[at] === span + 1) role[lowestOfCycle(columns, at)] = ROLE.cycle;
  }
  const tops: number[] = [];
  for (let span = 0; span < count; span += 1) if (role[span] !== ROLE.child) tops.push(span);
  // Missing parents are last in the columns, but sorted among the others by start.
  if (recorded < count) tops.sort((a, b) => start[a] - start[b]);
  return { tops, role };
}

/** A cycle is cut at its lowest id, so that every page cuts it at the same span. */
function lowestOfCycle({ parent, ids }: SpanColumns, start: number): number {
  let lowest = start;
  for (let at = parent[start]; at !== start; at = parent[at]) if (ids[at] < ids[lowest]) lowest = at;
  return lowest;
}

/** The rows of a row's children, in order. */
export function* childRows(forest: Forest, row: number): Generator<number> {
  for (let child = row + 1; child < forest.end[row]; child = forest.end[child]) yield child;
}
