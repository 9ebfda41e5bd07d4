// Carries the state of rows over to a trace that has grown, in which the same spans have other rows. Pure.

import type { TraceModel } from '../model/traceModel';
import { codeOfGroup, firstRowOf, isGap } from './shownRows';

/** The row of the same span in the new model; -1 for none. */
function rowIn(next: TraceModel, before: TraceModel, row: number): number {
  const position = next.columns.ids.indexOf(before.columns.ids[before.forest.spanOf[row]]);
  return position < 0 ? -1 : next.forest.rowOf[position];
}

/** Closes the rows of the spans that were closed. */
export function remapClosed(next: TraceModel, before: TraceModel, closed: Uint8Array): Uint8Array {
  const ids = new Set<string>();
  closed.forEach((isClosed, row) => isClosed === 1 && ids.add(before.columns.ids[before.forest.spanOf[row]]));
  const { columns, forest } = next;
  return Uint8Array.from({ length: forest.count }, (_, row) => (ids.has(columns.ids[forest.spanOf[row]]) ? 1 : 0));
}

/** Unfolds the groups that begin with the same spans. */
export function remapUnfolded(next: TraceModel, before: TraceModel, unfolded: ReadonlySet<number>): ReadonlySet<number> {
  const carried = new Set<number>();
  for (const group of unfolded) {
    const row = rowIn(next, before, before.groups.first[group]);
    if (row >= 0 && next.groups.at[row] >= 0) carried.add(next.groups.at[row]);
  }
  return carried;
}

/** The row or group that now has the focus; the first row where its span is gone. */
export function remapCode(next: TraceModel, before: TraceModel, code: number): number {
  const row = rowIn(next, before, firstRowOf(before.groups, code));
  if (row < 0) return 0;
  return code < 0 && !isGap(code) && next.groups.at[row] >= 0 ? codeOfGroup(next.groups.at[row]) : row;
}
