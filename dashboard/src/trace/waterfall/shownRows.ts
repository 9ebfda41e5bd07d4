// Which rows stand on the screen, in order: what is closed, folded, hidden or no match is passed over. Pure.

import type { Forest } from '../model/forest';
import type { Groups } from '../model/groups';

export type ShownRows = {
  count: number;
  /** A row; for the line of a group its number as -1 - number; for a line of hidden spans below those. */
  code: Int32Array;
  /** Levels from 0; what is in an unfolded group stands one deeper. */
  depth: Int32Array;
  /** Spans that are left out because their service is hidden. */
  pruned: number;
  /** Where they stood: the row after the last of them by the first. */
  gaps: ReadonlyMap<number, number>;
};

export type ShowOptions = {
  /** By row: 1 where it is closed. */
  closed: Uint8Array;
  groups: Groups | null;
  unfolded: ReadonlySet<number>;
  /** By row: 1 where it stays; `null` means all. */
  kept: Uint8Array | null;
  /** By row: 1 where it and all below it is left out; `null` means none. */
  hidden: Uint8Array | null;
};

/** Limit: traces have fewer groups; their codes end here. */
const GROUPS_MAX = 2 ** 24;

export const codeOfGroup = (group: number): number => -1 - group;
export const groupOfCode = (code: number): number => -1 - code;
export const codeOfGap = (row: number): number => -1 - GROUPS_MAX - row;
export const rowOfGap = (code: number): number => -1 - GROUPS_MAX - code;
export const isGap = (code: number): boolean => code < -GROUPS_MAX;

export function showRows(forest: Forest, { closed, groups, unfolded, kept, hidden }: ShowOptions): ShownRows {
  const code = new Int32Array(forest.count + (groups?.count ?? 0));
  const depth = new Int32Array(code.length);
  // The ends of the unfolded groups that the row stands in.
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
      // A line says where they are, one for all that stand together. Among matches only it would be one more.
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

/** The place of a row or a run among those shown; where it is not there, of the nearest above it in the tree, else the first. */
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

/** The row itself, or the first one of a run or of hidden ones. */
export function firstRowOf(groups: Groups, code: number): number {
  if (isGap(code)) return rowOfGap(code);
  return code < 0 ? groups.first[groupOfCode(code)] : code;
}

/**
 * By row: 1 where it is of a hidden service and nothing below it is of a shown one. What leads to shown spans stays, or
 * one service alone could not be looked at.
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

/** Everything from a level on is closed; the top is level 1. */
export function closeFromLevel(forest: Forest, level: number): Uint8Array {
  const closed = new Uint8Array(forest.count);
  for (let row = 0; row < forest.count; row += 1) if (forest.children[row] > 0 && forest.depth[row] >= level - 1) closed[row] = 1;
  return closed;
}

/** Opens all that is above a row. Returns a copy. */
export function openTo(forest: Forest, closed: Uint8Array, row: number): Uint8Array {
  const next = closed.slice();
  for (let above = forest.parent[row]; above >= 0; above = forest.parent[above]) next[above] = 0;
  return next;
}

/** Some rows and all that is above them. */
export function withAncestors(forest: Forest, rows: Iterable<number>): Uint8Array {
  const kept = new Uint8Array(forest.count);
  for (const row of rows) {
    for (let at = row; at >= 0 && kept[at] === 0; at = forest.parent[at]) kept[at] = 1;
  }
  return kept;
}
