// Reads a trace and its spans, by API v1 or by the contract, whichever the server has.

import { getContractJson, getJson, type RequestOptions } from '../../api/request';
import type { ContractTrace, SearchAnswer, Span, SpanAnswer, SpansAnswer, Tree, TreeUnchanged } from '../../api/types';
import type { Server } from '../../live/server';
import { shortSpanId, uuidOf } from '../../url/ids';
import { columnsOfSpans, columnsOfTree, type SpanColumns } from './columns';
import { spanOfContract, searchTags } from './contractSpans';
import { findMatchReason } from './matchReason';
import { orphansOf, withMissing } from './missing';
import { readSpans, SpanMemory } from './spanMemory';

export type LoadedTrace = {
  columns: SpanColumns;
  /** A span that has been read whole. It stays known after it has left the window. */
  known: (position: number) => Span | undefined;
  /** Reads one span whole. */
  span: (position: number, signal?: AbortSignal) => Promise<Span>;
  /** Reads spans whole, so that they are known later. */
  remember: (positions: readonly number[]) => Promise<void>;
  /** Reads many spans whole, in order, without those that have left the window. */
  spans: (positions: readonly number[], onProgress: (done: number) => void) => Promise<Span[]>;
  /** Finds spans by a text outside of the columns, such as in attributes; `null` where the server cannot. */
  search: ((text: string, signal: AbortSignal) => Promise<SearchAnswer>) | null;
  /** Reads a span of any trace; `null` where the server cannot send single spans. */
  linked: ((traceId: string, spanId: string, signal: AbortSignal) => Promise<Span>) | null;
  memory: SpanMemory;
};

/** `before` is the trace as it was last read; it is returned where no span has been added since. */
export async function loadTrace(server: Server, traceId: string, signal: AbortSignal, before?: LoadedTrace): Promise<LoadedTrace> {
  return server.features.has('tree') ? loadTree(server, traceId, signal, before) : loadContract(server, traceId, signal);
}

async function loadTree(server: Server, traceId: string, signal: AbortSignal, before?: LoadedTrace): Promise<LoadedTrace> {
  const since = before?.columns.rev == null ? '' : `?since_rev=${encodeURIComponent(before.columns.rev)}`;
  const answer = await getJson<Tree | TreeUnchanged>(`/api/v1/traces/${traceId}/tree${since}`, { base: server.base, signal });
  if ('unchanged' in answer) return before!;
  const memory = before?.memory ?? new SpanMemory();
  return readable(server, await addMissingParents(server, columnsOfTree(answer), memory), memory);
}

/** Adds missing parents. Only a whole span has the id of a parent that is missing, so the orphans are read first. */
async function addMissingParents(server: Server, columns: SpanColumns, memory: SpanMemory): Promise<SpanColumns> {
  const orphans = orphansOf(columns).slice(0, server.info?.spans_max ?? 500);
  if (orphans.length === 0) return columns;
  const loaded = readable(server, columns, memory);
  // Where that fails, the orphans are shown without their parents.
  await loaded.remember(orphans).catch(() => undefined);
  return withMissing(columns, (span) => loaded.known(span)?.parent_span_id ?? null);
}

function readable({ base, info, features }: Server, columns: SpanColumns, memory: SpanMemory): LoadedTrace {
  const path = `/api/v1/traces/${columns.traceId}`;
  const most = info?.spans_max ?? 500;
  const idOf = (position: number) => columns.ids[position];
  const ask = async (ids: string[]) => (await getJson<SpansAnswer>(`${path}/spans`, { base, body: { span_ids: ids } })).spans;
  const isUnknown = (id: string) => memory.get(id) === undefined;
  return {
    columns,
    memory,
    known: (position) => memory.get(idOf(position)),
    span: async (position, signal) => memory.get(idOf(position)) ?? readSpan(`${path}/spans/${idOf(position)}`, { base, signal }, memory),
    remember: async (positions) => memory.keep((await readSpans(positions.map(idOf).filter(isUnknown), most, ask)).values()),
    spans: async (positions, onProgress) => {
      const ids = positions.map(idOf);
      const unknown = ids.filter(isUnknown);
      // Collected before the others are read, because the memory may drop some meanwhile.
      const held = ids.map((id) => memory.get(id));
      const found = unknown.length === 0 ? new Map<string, Span>() : await readSpans(unknown, most, ask, (done) => onProgress(ids.length - unknown.length + done));
      return ids.map((id, at) => held[at] ?? found.get(id)).filter((span) => span !== undefined);
    },
    linked: features.has('span')
      ? async (traceId, spanId, signal) => (await getJson<SpanAnswer>(`/api/v1/traces/${traceId}/spans/${spanId}`, { base, signal })).span
      : null,
    search: features.has('search')
      ? async (text, signal) => searchMemory(columns, memory, text) ?? getJson<SearchAnswer>(`${path}/search?q=${encodeURIComponent(text)}`, { base, signal })
      : null,
  };
}

/** Searches without the server where all spans are known; this works after the trace has left the window. */
function searchMemory({ ids, recorded, rev }: SpanColumns, memory: SpanMemory, text: string): SearchAnswer | null {
  const matches: number[] = [];
  for (let position = 0; position < recorded; position += 1) {
    const span = memory.get(ids[position]);
    if (span === undefined) return null;
    if (findMatchReason(span, text) !== null) matches.push(position);
  }
  return { epoch: '', now_ns: '0', rev: rev ?? '', matches, truncated: false };
}

async function readSpan(path: string, options: RequestOptions, memory: SpanMemory): Promise<Span> {
  const { span } = await getJson<SpanAnswer>(path, options);
  memory.keep([span]);
  return span;
}

/** The contract sends whole spans at once. */
async function loadContract(server: Server, traceId: string, signal: AbortSignal): Promise<LoadedTrace> {
  const { spans } = await getContractJson<ContractTrace>(`/traces/${uuidOf(traceId)}`, { base: server.base, signal });
  const made: Span[] = [];
  const known = (position: number): Span => (made[position] ??= spanOfContract(spans[position]));
  return {
    columns: withMissing(columnsOfSpans(traceId, spans, server.windowNs), (span) => shortSpanId(spans[span].parent_span_id!)),
    memory: new SpanMemory(),
    known,
    span: (position) => Promise.resolve(known(position)),
    remember: () => Promise.resolve(),
    spans: (positions) => Promise.resolve(positions.map(known)),
    linked: null,
    search: (text) => Promise.resolve(searchTags(spans, text)),
  };
}
