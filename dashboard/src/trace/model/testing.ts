// Traces for tests, written as short lists of spans.

import type { Span, Tree } from '../../api/types';
import { columnsOfTree, operationOf, type SpanColumns } from './columns';
import { spanOfContract } from './contractSpans';
import { growForest, type Forest } from './forest';

export type TestSpan = { id: string; parent?: string | null; start: number; end: number; name?: string; service?: string; error?: boolean };

export const columnsFrom = (lines: TestSpan[]): SpanColumns => columnsOfTree(treeOf(lines));

export function treeOf(lines: TestSpan[]): Tree {
  const ordered = [...lines].sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
  const positions = new Map(ordered.map((line, at) => [line.id, at]));
  const services = [...new Set(ordered.map((line) => line.service ?? 'shop'))];
  const operations = [...new Set(ordered.map((line) => line.name ?? line.id))];
  return {
    epoch: 'e', now_ns: '0', trace_id: 'a'.repeat(32), rev: '1', expires_ns: null, base_ns: '0',
    services, service_numbers: services.map((_, at) => at), operations,
    id_digits: 16, ids: ordered.map((line) => line.id.padStart(16, '0')).join(''),
    parent: ordered.map(({ parent }) => (parent == null ? -1 : (positions.get(parent) ?? -2))),
    start: ordered.map((line) => line.start),
    duration: ordered.map((line) => line.end - line.start),
    service: ordered.map((line) => services.indexOf(line.service ?? 'shop')),
    operation: ordered.map((line) => operations.indexOf(line.name ?? line.id)),
    kind: [], flags: ordered.map((line) => (line.error ? 1 : 0)), events: [], links: [],
  };
}

/** The columns and the forest of some spans. */
export function grown(lines: TestSpan[]) {
  const columns = columnsFrom(lines);
  return { columns, forest: growForest(columns) };
}

/** The operations of some rows, or of all. */
export const names = (columns: SpanColumns, forest: Forest, rows: Iterable<number> = Array(forest.count).keys()) =>
  [...rows].map((row) => operationOf(columns, forest.spanOf[row]));

/** A root with two children, the second of which failed and has a child itself. */
export const shop: TestSpan[] = [
  { id: 'r', start: 0, end: 100 },
  { id: 'a', parent: 'r', start: 10, end: 40 },
  { id: 'b', parent: 'r', start: 30, end: 90, error: true },
  { id: 'c', parent: 'b', start: 50, end: 80 },
];

/** A span as it is read whole, with some attributes. */
export const spanOf = (id: string, tags: Record<string, string> = {}): Span =>
  spanOfContract({ trace_id: 'ab'.repeat(16), span_id: id.padStart(16, '0'), service: 's', operation: 'o', start_time: '0', end_time: '1', status: 'ok', tags });
