// A delta: the traces that one answer adds to the table, changes in it, or removes from it.

import type { Points, TraceSummary } from '../api/types';
import { offsetOfNs } from './clock';
import { registerService } from './services';

export const FLAG_ERROR = 1;
export const FLAG_ROOT_ERROR = 2;
/** No root has arrived: the earliest span stands for it. */
export const FLAG_ROOTLESS = 4;

const ID_DIGITS = 32;

/** What the table holds of one trace. */
export type TraceEntry = {
  id: string;
  /** When its root starts, or the span that stands for it, as an offset in ns. */
  start: number;
  duration: number;
  /** The index of the service of its root, from `registerService`. */
  service: number;
  operation: string;
  spans: number;
  flags: number;
};

export type Delta = {
  /** Whether the table is cleared first. */
  reset: boolean;
  entries: Iterable<TraceEntry>;
  /** How many entries there are. */
  count: number;
  /** Ids of traces that have left the window. */
  gone: string[];
  /** Traces whose root starts before this offset have left the window, too. */
  evictBefore: number;
  /** How many traces with a root the server has that match the filter. */
  total: number;
  /** How many traces without a root it has, or had a moment ago; a server of the contract shows none. */
  rootless?: number;
};

export function deltaOfPoints(points: Points): Delta {
  return {
    reset: points.reset,
    entries: entriesOfPoints(points),
    count: points.start.length,
    gone: splitIds(points.gone),
    evictBefore: offsetOfNs(BigInt(points.evict_before_ns)),
    total: points.total,
    rootless: points.rootless,
  };
}

function* entriesOfPoints(points: Points): Generator<TraceEntry> {
  const base = offsetOfNs(BigInt(points.base_ns));
  const services = points.services.map((name, index) => registerService(name, points.service_numbers[index]));
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

/** The contract tells durations in whole milliseconds, and one status for the trace. */
export function entryOfSummary(summary: TraceSummary): TraceEntry {
  return {
    id: summary.trace_id.replaceAll('-', ''),
    start: offsetOfNs(BigInt(summary.start_time)),
    duration: summary.duration_ms * 1e6,
    service: registerService(summary.root_service),
    operation: summary.root_operation,
    spans: summary.span_count,
    flags: summary.status === 'error' ? FLAG_ERROR : 0,
  };
}
