// The spans of one trace in columns, from either API. A span is named by its position in them.

import type { ContractSpan, Tree } from '../../api/types';
import { registerService } from '../../traces/services';
import { shortSpanId } from '../../url/ids';

/** In `parent`: the span is a root, or its parent is missing. */
export const NO_PARENT = -1;
export const MISSING_PARENT = -2;
export const SPAN_ERROR = 1;

export type SpanColumns = {
  traceId: string;
  count: number;
  /** How many spans were received. Positions from here on are missing parents, known only by their ids. */
  recorded: number;
  /** The time from which `start` counts. */
  baseNs: bigint;
  start: Float64Array;
  duration: Float64Array;
  parent: Int32Array;
  service: Uint16Array;
  operation: Uint32Array;
  operations: string[];
  kind: Uint8Array;
  flags: Uint8Array;
  events: Uint32Array;
  links: Uint32Array;
  ids: string[];
  rev: string | null;
  expiresNs: bigint | null;
  /** So many damaged segments could not be read: spans may be missing. */
  leftOut: number;
};

export const isError = (columns: SpanColumns, span: number): boolean => (columns.flags[span] & SPAN_ERROR) !== 0;
export const operationOf = (columns: SpanColumns, span: number): string => columns.operations[columns.operation[span]];
export const endOf = (columns: SpanColumns, span: number): number => columns.start[span] + columns.duration[span];

export function columnsOfTree(tree: Tree): SpanColumns {
  const count = tree.start.length;
  const services = tree.services.map((name, at) => registerService(name, tree.service_numbers[at]));
  const orZero = (column: number[]): ArrayLike<number> => (column.length === 0 ? { length: count } : column);
  return {
    traceId: tree.trace_id,
    count,
    recorded: count,
    baseNs: BigInt(tree.base_ns),
    start: Float64Array.from(tree.start),
    duration: Float64Array.from(tree.duration),
    parent: Int32Array.from(tree.parent),
    service: Uint16Array.from(tree.service, (at) => services[at]),
    operation: Uint32Array.from(tree.operation),
    operations: tree.operations,
    kind: Uint8Array.from(orZero(tree.kind)),
    flags: Uint8Array.from(orZero(tree.flags)),
    events: Uint32Array.from(orZero(tree.events)),
    links: Uint32Array.from(orZero(tree.links)),
    ids: idsOf(tree, count),
    rev: tree.rev,
    expiresNs: tree.expires_ns === null ? null : BigInt(tree.expires_ns),
    leftOut: tree.segments_left_out ?? 0,
  };
}

/** Ids as parents and links name them: an id of 16 digits has no zeros in front, even where other ids of the trace are longer. */
function idsOf({ ids, id_digits: digits }: Tree, count: number): string[] {
  const idAt = (at: number): string => ids.slice(at * digits, (at + 1) * digits);
  return Array.from({ length: count }, (_, at) => (digits > 16 ? shortSpanId(idAt(at)) : idAt(at)));
}

/** Makes columns of the contract's whole spans, which come ordered by start and id. */
export function columnsOfSpans(traceId: string, spans: readonly ContractSpan[], windowNs: number | null): SpanColumns {
  const count = spans.length;
  const positions = new Map<string, number>();
  // Where spans have equal ids, the first of them is the parent of the others' children.
  spans.forEach((span, at) => positions.has(span.span_id) || positions.set(span.span_id, at));
  const operations = new Map<string, number>();
  const operationOfName = (name: string): number => {
    const known = operations.get(name) ?? operations.size;
    operations.set(name, known);
    return known;
  };
  const starts = spans.map((span) => BigInt(span.start_time));
  const baseNs = starts.reduce((least, start) => (start < least ? start : least), starts[0]);
  const root = spans.findIndex((span) => span.parent_span_id == null);
  return {
    traceId,
    count,
    recorded: count,
    baseNs,
    start: Float64Array.from(starts, (start) => Number(start - baseNs)),
    duration: Float64Array.from(spans, (span, at) => Number(BigInt(span.end_time) - starts[at])),
    parent: Int32Array.from(spans, ({ parent_span_id: id }) => (id == null ? NO_PARENT : (positions.get(id) ?? MISSING_PARENT))),
    service: Uint16Array.from(spans, (span) => registerService(span.service)),
    operation: Uint32Array.from(spans, (span) => operationOfName(span.operation)),
    operations: [...operations.keys()],
    kind: new Uint8Array(count),
    flags: Uint8Array.from(spans, (span) => (span.status === 'error' ? SPAN_ERROR : 0)),
    events: new Uint32Array(count),
    links: new Uint32Array(count),
    ids: spans.map((span) => shortSpanId(span.span_id)),
    rev: null,
    expiresNs: root < 0 || windowNs === null ? null : starts[root] + BigInt(Math.round(windowNs)),
    leftOut: 0,
  };
}
