// A scope selects held traces by time, duration, status and service. Pure.

import type { Filter } from '../url/state';
import { FLAG_ERROR } from './delta';
import type { TraceTable } from './table';

export type Scope = {
  from: number;
  to: number;
  filter: Filter;
  /** Services that are not shown, by index. */
  hidden: ReadonlySet<number>;
  minDuration?: number;
  maxDuration?: number;
};

export function isIn(table: TraceTable, slot: number, scope: Scope): boolean {
  const start = table.start[slot];
  if (table.alive[slot] === 0 || start < scope.from || start >= scope.to) return false;
  if (!matchesFilter(table.flags[slot], scope.filter) || scope.hidden.has(table.service[slot])) return false;
  const duration = table.duration[slot];
  return duration >= (scope.minDuration ?? 0) && duration <= (scope.maxDuration ?? Infinity);
}

export function matchesFilter(flags: number, filter: Filter): boolean {
  if (filter === 'all') return true;
  return (flags & FLAG_ERROR ? 'error' : 'ok') === filter;
}

export function slotsIn(table: TraceTable, scope: Scope): number[] {
  const slots: number[] = [];
  for (let slot = 0; slot < table.used; slot += 1) if (isIn(table, slot, scope)) slots.push(slot);
  return slots;
}

export function countIn(table: TraceTable, scope: Scope): number {
  let count = 0;
  for (let slot = 0; slot < table.used; slot += 1) if (isIn(table, slot, scope)) count += 1;
  return count;
}
