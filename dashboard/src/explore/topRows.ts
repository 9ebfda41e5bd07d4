// The first rows of the table by some order, without sorting all that is held. Pure.

import { isIn, type Scope } from '../traces/scope';
import { serviceName } from '../traces/services';
import type { TraceTable } from '../traces/table';
import type { Sort, SortKey } from '../url/state';

type Compare = (a: number, b: number) => number;

function comparison(table: TraceTable, key: SortKey): Compare {
  switch (key) {
    case 'start':
      return (a, b) => table.start[a] - table.start[b];
    case 'duration':
      return (a, b) => table.duration[a] - table.duration[b];
    case 'spans':
      return (a, b) => table.spans[a] - table.spans[b];
    case 'service':
      return (a, b) => text(serviceName(table.service[a]), serviceName(table.service[b]));
    case 'operation':
      return (a, b) => text(table.operations[a], table.operations[b]);
  }
}

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** At most `most` slots in order, and how many there are in all. Ties: newest first. */
export function topRows(table: TraceTable, scope: Scope, sort: Sort, most: number): { slots: number[]; count: number } {
  const by = comparison(table, sort.key);
  const way = sort.descending ? -1 : 1;
  const compare: Compare = (a, b) => way * by(a, b) || table.start[b] - table.start[a] || a - b;
  let kept: number[] = [];
  let count = 0;
  let worst = -1;
  for (let slot = 0; slot < table.used; slot += 1) {
    if (!isIn(table, slot, scope)) continue;
    count += 1;
    if (worst >= 0 && compare(slot, worst) > 0) continue;
    kept.push(slot);
    // Sorted only now and then: twice as many as needed are collected before the worse half goes.
    if (kept.length < 2 * most) continue;
    kept = kept.sort(compare).slice(0, most);
    worst = kept[most - 1];
  }
  return { slots: kept.sort(compare).slice(0, most), count };
}
