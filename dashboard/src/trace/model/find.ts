// Finds rows by a text in their service, operation or id. Pure.

import { serviceName } from '../../traces/services';
import { operationOf, type SpanColumns } from './columns';
import type { Forest } from './forest';

/** Shorter pieces of an id occur in every trace. */
const ID_DIGITS_MIN = 4;

/** The rows that have the text, in order. Each name is compared once, not once for each span. */
export function findRows(columns: SpanColumns, forest: Forest, text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const operations = columns.operations.map((name) => name.toLowerCase().includes(wanted));
  const services = new Map<number, boolean>();
  const inService = (service: number): boolean => {
    let is = services.get(service);
    if (is === undefined) services.set(service, (is = serviceName(service).toLowerCase().includes(wanted)));
    return is;
  };
  const id = wanted.replaceAll('-', '');
  const isId = id.length >= ID_DIGITS_MIN && /^[0-9a-f]+$/.test(id);
  const rows: number[] = [];
  for (let row = 0; row < forest.count; row += 1) {
    const span = forest.spanOf[row];
    if (operations[columns.operation[span]] || (span < columns.recorded && inService(columns.service[span])) || (isId && columns.ids[span].includes(id))) rows.push(row);
  }
  return rows;
}

/** Whether the names that the row shows have the text. */
export function isNamed(columns: SpanColumns, span: number, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return operationOf(columns, span).toLowerCase().includes(wanted) || serviceName(columns.service[span]).toLowerCase().includes(wanted);
}

/** Merges two ascending lists. */
export function merged(one: readonly number[], other: readonly number[]): number[] {
  if (other.length === 0) return [...one];
  return [...new Set([...one, ...other])].sort((a, b) => a - b);
}
