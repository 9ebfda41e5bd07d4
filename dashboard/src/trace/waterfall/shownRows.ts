// Selects the rows that the waterfall shows, in order: without those that are closed, folded, hidden or no match. Pure.

import type { Forest } from '../model/forest';
import type { Groups } from '../model/groups';

export type ShownRows = {
  count: number;
  /** By shown row: the row of a span, or a negative code for a group (`codeOfGroup`) or for hidden spans (`codeOfGap`). */
  code: Int32Array;
  /** By shown row: its level, from 0; rows of an unfolded group are one level deeper. */
  depth: Int32Array;
  /** How many spans are left out because their service is hidden. */
  pruned: number;
  /** The first row of each gap of hidden spans, and the row after its last. */
  gaps: ReadonlyMap<number, number>;
};

export type ShowOptions = {
  /** By row: 1 where it is closed. */
  closed: Uint8Array;
  groups: Groups | null;
  unfolded: ReadonlySet<number>;
  /** By row: 1 where it may be shown; `null` for all. */
  kept: Uint8Array | null;
  /** By row: 1 where it and all rows below it are left out; `null` for none. */
  hidden: Uint8Array | null;
};

/** Limit: traces have fewer groups. Codes of groups lie above its negative, codes of gaps below. */
const GROUPS_MAX = 2 ** 24;

export const codeOfGroup = (group: number): number => -1 - group;
export const groupOfCode = (code: number): number => -1 - code;
export const codeOfGap = (row: number): number => -1 - GROUPS_MAX - row;
export const rowOfGap = (code: number): number => -1 - GROUPS_MAX - code;
export const isGap = (code: number): boolean => code < -GROUPS_MAX;

export function showRows(forest: Forest, { closed, groups, unfolded, kept, hidden }: ShowOptions): ShownRows {
  const code = new Int32Array(forest.count + (groups?.count ?? 0));
  const depth = new Int32Array(code.length);
  // The ends of the unfolded groups that contain the row.
  const inside: number[] = [];
  const gaps = new Map<number, number>();
  let [count, pruned, row] = [0, 0, 0];
  const put = (what: number, level: number) => {
    code[count] = what;
    depth[count] = level;
    count += 1;
  };
  while (row < forest.count) {
    while (inside.length > 0 && row >= inside[inside.length - 1]) inside.pop();
    if (hidden?.[row] === 1) {
      pruned += forest.end[row] - row;
      // Adjacent hidden spans share one gap. Where only matches are shown, gaps would only distract.
      const last = count > 0 && isGap(code[count - 1]) ? rowOfGap(code[count - 1]) : -1;
      const isNext = last >= 0 && gaps.get(last) === row && forest.parent[last] === forest.parent[row];
      if (kept === null && !isNext) put(codeOfGap(row), forest.depth[row] + inside.length);
      if (kept === null) gaps.set(isNext ? last : row, forest.end[row]);
      row = forest.end[row];
      continue;
    }
    const group = groups === null || kept !== null ? -1 : groups.at[row];
    if (group >= 0) {
      put(codeOfGroup(group), forest.depth[row] + inside.length);
      if (!unfolded.has(group)) {
        row = groups!.end[group];
        continue;
      }
      inside.push(groups!.end[group]);
    }
    if (kept === null || kept[row] === 1) put(row, forest.depth[row] + inside.length);
    row = closed[row] === 1 && kept === null ? forest.end[row] : row + 1;
  }
  return { count, code: code.subarray(0, count), depth: depth.subarray(0, count), pruned, gaps };
}

/** The index of a row or a group among the shown rows; where it is not shown, that of its nearest shown ancestor, else 0. */
export function shownIndexOf({ count, code, gaps }: ShownRows, forest: Forest, groups: Groups, wanted: number): number {
  const row = firstRowOf(groups, wanted);
  let nearest = 0;
  for (let index = 0; index < count; index += 1) {
    const at = code[index];
    if (at === wanted) return index;
    const end = at >= 0 ? forest.end[at] : isGap(at) ? gaps.get(rowOfGap(at))! : groups.end[groupOfCode(at)];
    if (firstRowOf(groups, at) <= row && row < end) nearest = index;
  }
  return nearest;
}

/** The row of a code, or the first row of its group or gap. */
export function firstRowOf(groups: Groups, code: number): number {
  if (isGap(code)) return rowOfGap(code);
  return code < 0 ? groups.first[groupOfCode(code)] : code;
}

/**
 * By row: 1 where it is of a hidden service and so are all rows below it. Ancestors of shown spans stay, or one service
 * alone could not be shown.
 */
export function hiddenRows(forest: Forest, isHidden: (row: number) => boolean): Uint8Array {
  const hidden = new Uint8Array(forest.count).fill(1);
  for (let row = forest.count - 1; row >= 0; row -= 1) {
    if (hidden[row] === 1 && isHidden(row)) continue;
    hidden[row] = 0;
    if (forest.parent[row] >= 0) hidden[forest.parent[row]] = 0;
  }
  return hidden;
}

/** Closes all rows from a level on; the top is level 1. */
export function closeFromLevel(forest: Forest, level: number): Uint8Array {
  const closed = new Uint8Array(forest.count);
  for (let row = 0; row < forest.count; row += 1) if (forest.children[row] > 0 && forest.depth[row] >= level - 1) closed[row] = 1;
  return closed;
}

/** Opens all ancestors of a row. Returns a copy. */
export function openTo(forest: Forest, closed: Uint8Array, row: number): Uint8Array {
  const next = closed.slice();
  for (let above = forest.parent[row]; above >= 0; above = forest.parent[above]) next[above] = 0;
  return next;
}

/** Marks some rows and their ancestors. */
export function withAncestors(forest: Forest, rows: Iterable<number>): Uint8Array {
  const kept = new Uint8Array(forest.count);
  for (const row of rows) {
    for (let at = row; at >= 0 && kept[at] === 0; at = forest.parent[at]) kept[at] = 1;
  }
  return kept;
}
