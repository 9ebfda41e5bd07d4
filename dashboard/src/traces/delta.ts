// What a poll brings: rows to put into the table, and rows to take out.

import type { Points, TraceSummary } from '../api/types';
import { offsetOfNs } from './clock';
import { placeOf } from './services';

export const FLAG_ERROR = 1;
export const FLAG_ROOT_ERROR = 2;

const ID_DIGITS = 32;

export type TraceRow = {
  id: string;
  /** Offset of the page in ns. */
  start: number;
  duration: number;
  service: number;
  operation: string;
  spans: number;
  flags: number;
};

export type Delta = {
  /** Forget everything first. */
  reset: boolean;
  rows: Iterable<TraceRow>;
  count: number;
  gone: string[];
  /** Roots that start before this offset have left. */
  evictBefore: number;
  /** How many match at the server, held here or not. */
  total: number;
};

export function deltaOfPoints(points: Points): Delta {
  return {
    reset: points.reset,
    rows: rowsOfPoints(points),
    count: points.start.length,
    gone: splitIds(points.gone),
    evictBefore: offsetOfNs(BigInt(points.evict_before_ns)),
    total: points.total,
  };
}

function* rowsOfPoints(points: Points): Generator<TraceRow> {
  const base = offsetOfNs(BigInt(points.base_ns));
  const services = points.services.map((name, index) => placeOf(name, points.service_numbers[index]));
  for (let row = 0; row < points.start.length; row += 1) {
    yield {
      id: points.ids.slice(row * ID_DIGITS, (row + 1) * ID_DIGITS),
      start: base + points.start[row],
      duration: points.duration[row],
      service: services[points.service[row]],
      operation: points.operations[points.operation[row]],
      spans: points.spans[row],
      flags: points.flags[row],
    };
  }
}

export function splitIds(joined: string): string[] {
  const ids: string[] = Array.from({ length: joined.length / ID_DIGITS });
  for (let at = 0; at < ids.length; at += 1) ids[at] = joined.slice(at * ID_DIGITS, (at + 1) * ID_DIGITS);
  return ids;
}

/** The contract has whole milliseconds and one status. */
export function rowOfSummary(summary: TraceSummary): TraceRow {
  return {
    id: summary.trace_id.replaceAll('-', ''),
    start: offsetOfNs(BigInt(summary.start_time)),
    duration: summary.duration_ms * 1e6,
    service: placeOf(summary.root_service),
    operation: summary.root_operation,
    spans: summary.span_count,
    flags: summary.status === 'error' ? FLAG_ERROR : 0,
  };
}
