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
  /** The same from all services, by the place of the service. */
  services: Uint32Array;
  /** The first of those in the selection, in order, and how many there are. */
  top: { slots: number[]; count: number };
};

type Asked = { scope: Scope; selection: Scope | null; sort: Sort; rowsMax: number; places: number };

export function survey(table: TraceTable, { scope, selection, sort, rowsMax, places }: Asked): Survey {
  const { alive, start, flags, service } = table;
  const { from, to, filter, hidden } = scope;
  const services = new Uint32Array(places);
  const top = new TopRows(table, sort, rowsMax);
  let [count, errors] = [0, 0];
  for (let slot = 0; slot < table.used; slot += 1) {
    if (alive[slot] === 0 || start[slot] < from || start[slot] >= to || !matchesFilter(flags[slot], filter)) continue;
    services[service[slot]] += 1;
    if (hidden.size > 0 && hidden.has(service[slot])) continue;
    count += 1;
    if ((flags[slot] & FLAG_ERROR) !== 0) errors += 1;
    if (selection === null || isIn(table, slot, selection)) top.offer(slot);
  }
  return { count, errors, services, top: top.end() };
}
