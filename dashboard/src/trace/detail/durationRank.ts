// Ranks the duration of a span among spans of equal service and operation: a root among roots in the window, another span
// within its trace. Pure.

import { FLAG_ROOTLESS } from '../../traces/delta';
import type { TraceTable } from '../../traces/table';
import { ROLE } from '../model/forest';
import type { TraceModel } from '../model/traceModel';

/** `slowerThan` is the share of the `of` others that took less time. */
export type DurationRank = { slowerThan: number; of: number; where: 'window' | 'trace' };

/** Limit: fewer spans allow no conclusion. */
const OTHERS_MIN = 10;

export function rankDuration(model: TraceModel, row: number, table: TraceTable): DurationRank | null {
  const isRoot = row === model.root && model.forest.role[row] === ROLE.root;
  const others = isRoot ? inWindow(model, row, table) : inTrace(model, row);
  if (others.length < OTHERS_MIN) return null;
  const duration = model.columns.duration[model.forest.spanOf[row]];
  return { slowerThan: others.filter((other) => other < duration).length / others.length, of: others.length, where: isRoot ? 'window' : 'trace' };
}

function inWindow({ columns, forest }: TraceModel, row: number, table: TraceTable): number[] {
  const span = forest.spanOf[row];
  const operation = columns.operations[columns.operation[span]];
  const durations: number[] = [];
  for (let slot = 0; slot < table.used; slot += 1) {
    const isOther = table.alive[slot] === 1 && (table.flags[slot] & FLAG_ROOTLESS) === 0 && table.service[slot] === columns.service[span] && table.ids[slot] !== columns.traceId;
    if (isOther && table.operations[slot] === operation) durations.push(table.duration[slot]);
  }
  return durations;
}

function inTrace({ columns, forest }: TraceModel, row: number): number[] {
  const span = forest.spanOf[row];
  const durations: number[] = [];
  for (let other = 0; other < columns.count; other += 1) {
    const isSame = other !== span && columns.operation[other] === columns.operation[span] && columns.service[other] === columns.service[span];
    if (isSame) durations.push(columns.duration[other]);
  }
  return durations;
}
