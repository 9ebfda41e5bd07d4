// Traces for tests, as a list of short lines.

import type { Tree } from '../api/types';
import { columnsOfTree, type SpanColumns } from './columns';

export type Line = { id: string; parent?: string | null; start: number; end: number; name?: string; service?: string; error?: boolean };

export const columnsFrom = (lines: Line[]): SpanColumns => columnsOfTree(treeOf(lines));

export function treeOf(lines: Line[]): Tree {
  const ordered = [...lines].sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
  const places = new Map(ordered.map((line, at) => [line.id, at]));
  const services = [...new Set(ordered.map((line) => line.service ?? 'shop'))];
  const operations = [...new Set(ordered.map((line) => line.name ?? line.id))];
  return {
    epoch: 'e', now_ns: '0', trace_id: 'a'.repeat(32), rev: '1', expires_ns: null, base_ns: '0',
    services, service_numbers: services.map((_, at) => at), operations,
    id_digits: 16, ids: ordered.map((line) => line.id.padStart(16, '0')).join(''),
    parent: ordered.map(({ parent }) => (parent == null ? -1 : (places.get(parent) ?? -2))),
    start: ordered.map((line) => line.start),
    duration: ordered.map((line) => line.end - line.start),
    service: ordered.map((line) => services.indexOf(line.service ?? 'shop')),
    operation: ordered.map((line) => operations.indexOf(line.name ?? line.id)),
    kind: [], flags: ordered.map((line) => (line.error ? 1 : 0)), events: [], links: [],
  };
}
