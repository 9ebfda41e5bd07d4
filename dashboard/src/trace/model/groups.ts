// Finds long runs of equal siblings, such as one query 240 times, which are folded into one line. Pure.

import { isError, type SpanColumns } from './columns';
import { childRows, type Forest } from './forest';

/** Limit: shorter runs are easier to read unfolded. */
export const GROUP_ROWS_MIN = 10;

export type Groups = {
  count: number;
  /** By row: the group that begins with it; -1 for none. */
  at: Int32Array;
  first: number[];
  /** The row after the last row of the group and all below that. */
  end: number[];
  /** How many siblings, and their durations together. */
  size: number[];
  total: number[];
  longest: number[];
};

export function findGroups(columns: SpanColumns, forest: Forest): Groups {
  const groups: Groups = { count: 0, at: new Int32Array(forest.count).fill(-1), first: [], end: [], size: [], total: [], longest: [] };
  for (let row = 0; row < forest.count; row += 1) {
    if (forest.children[row] >= GROUP_ROWS_MIN) foldChildren(columns, forest, row, groups);
  }
  return groups;
}

function foldChildren(columns: SpanColumns, forest: Forest, row: number, groups: Groups): void {
  let run: number[] = [];
  for (const child of childRows(forest, row)) {
    if (run.length > 0 && !areAlike(columns, forest, run[0], child)) {
      close(columns, forest, run, groups);
      run = [];
    }
    if (!isError(columns, forest.spanOf[child])) run.push(child);
  }
  close(columns, forest, run, groups);
}

function areAlike(columns: SpanColumns, forest: Forest, row: number, other: number): boolean {
  const [a, b] = [forest.spanOf[row], forest.spanOf[other]];
  return columns.service[a] === columns.service[b] && columns.operation[a] === columns.operation[b] && !isError(columns, b);
}

function close(columns: SpanColumns, forest: Forest, run: number[], groups: Groups): void {
  if (run.length < GROUP_ROWS_MIN) return;
  const durations = run.map((row) => columns.duration[forest.spanOf[row]]);
  groups.at[run[0]] = groups.count;
  groups.first.push(run[0]);
  groups.end.push(forest.end[run[run.length - 1]]);
  groups.size.push(run.length);
  groups.total.push(durations.reduce((sum, duration) => sum + duration, 0));
  groups.longest.push(durations.reduce((most, duration) => Math.max(most, duration), 0));
  groups.count += 1;
}
