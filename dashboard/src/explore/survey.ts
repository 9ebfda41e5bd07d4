// All that the overview says of the traces that are held, in one pass over them: at 100,000 traces each pass is a
// good part of what the page may take for an answer. Pure.

import { FLAG_ERROR } from '../traces/delta';
import { isIn, matchesFilter, type Scope } from '../traces/scope';
import type { TraceTable } from '../traces/table';
import type { Sort } from '../url/state';
import { TopRows } from './topRows';

export type Survey = {
  /** In the range and matching the filter, from services that are shown. */
  count: number;
  errors: number;
  longest: number;
  /** Of `count` those that are longer or shorter than the shown durations. */
  beyond: { above: number; below: number };
  /** The same from all services, by the place of the service. */
  services: Uint32Array;
  /** The first of those in the selection and of the shown durations, in order, and how many there are. */
  top: { slots: number[]; count: number };
};

type Asked = { scope: Scope; selection: Scope | null; sort: Sort; rowsMax: number; places: number; shown: Shown };

/** Shown durations. What is shorter than `least` has a row of its own, which is always in sight. */
export type Shown = { min: number; max: number; least: number };

export function survey(table: TraceTable, { scope, selection, sort, rowsMax, places, shown }: Asked): Survey {
  const { alive, start, flags, service } = table;
  const { from, to, filter, hidden } = scope;
  const services = new Uint32Array(places);
  const top = new TopRows(table, sort, rowsMax);
  const { duration } = table;
  let [count, errors, longest, above, below] = [0, 0, 0, 0, 0];
  for (let slot = 0; slot < table.used; slot += 1) {
    if (alive[slot] === 0 || start[slot] < from || start[slot] >= to || !matchesFilter(flags[slot], filter)) continue;
    services[service[slot]] += 1;
    if (hidden.size > 0 && hidden.has(service[slot])) continue;
    count += 1;
    if ((flags[slot] & FLAG_ERROR) !== 0) errors += 1;
    if (duration[slot] > longest) longest = duration[slot];
    if (duration[slot] > shown.max) above += 1;
    else if (duration[slot] < shown.min && duration[slot] >= shown.least) below += 1;
    else if (selection === null || isIn(table, slot, selection)) top.offer(slot);
  }
  return { count, errors, longest, beyond: { above, below }, services, top: top.end() };
}
