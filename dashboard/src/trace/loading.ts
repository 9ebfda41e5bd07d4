// The spans of a trace, and the details of single ones, from whichever API the server has.

import { getContractJson, getJson } from '../api/request';
import type { ContractSpan, ContractTrace, SearchAnswer, Span, SpanAnswer, SpansAnswer, Tree, TreeUnchanged } from '../api/types';
import type { Server } from '../live/server';
import { uuidOf } from '../url/ids';
import { columnsOfSpans, columnsOfTree, type SpanColumns } from './columns';
import { fullSpan, positionsWith } from './contractSpans';

export type LoadedTrace = {
  columns: SpanColumns;
  /** All that is known of one span. */
  span: (position: number, signal?: AbortSignal) => Promise<Span>;
  /** All of many, in order. */
  spans: (positions: readonly number[], onProgress: (done: number) => void) => Promise<Span[]>;
  /** Positions of spans with a text in what the columns do not have; `null` where nobody can tell. */
  search: ((text: string, signal: AbortSignal) => Promise<SearchAnswer>) | null;
};

/** `known` is what was read before; it comes back where nothing has been added since. */
export async function loadTrace(server: Server, traceId: string, signal: AbortSignal, known?: LoadedTrace): Promise<LoadedTrace> {
  return server.features.has('tree') ? loadTree(server, traceId, signal, known) : loadContract(server, traceId, signal);
}

async function loadTree(server: Server, traceId: string, signal: AbortSignal, known?: LoadedTrace): Promise<LoadedTrace> {
  const ask = { base: server.base, signal };
  const since = known?.columns.rev == null ? '' : `?since_rev=${encodeURIComponent(known.columns.rev)}`;
  const answer = await getJson<Tree | TreeUnchanged>(`/api/v1/traces/${traceId}/tree${since}`, ask);
  if ('unchanged' in answer) return known!;
  const columns = columnsOfTree(answer);
  const path = `/api/v1/traces/${traceId}`;
  const { base } = server;
  return {
    columns,
    span: async (position, cancel) =>
      (await getJson<SpanAnswer>(`${path}/spans/${columns.ids[position]}`, { base, signal: cancel })).span,
    spans: (positions, onProgress) => inBatches(base, path, columns, server.info?.spans_max ?? 500, positions, onProgress),
    search: server.features.has('search')
      ? (text, cancel) => getJson<SearchAnswer>(`${path}/search?q=${encodeURIComponent(text)}`, { base, signal: cancel })
      : null,
  };
}

async function inBatches(
  base: string,
  path: string,
  columns: SpanColumns,
  most: number,
  positions: readonly number[],
  onProgress: (done: number) => void,
): Promise<Span[]> {
  const spans: Span[] = [];
  for (let at = 0; at < positions.length; at += most) {
    const ids = positions.slice(at, at + most).map((position) => columns.ids[position]);
    const answer = await getJson<SpansAnswer>(`${path}/spans`, { base, body: { span_ids: ids } });
    spans.push(...answer.spans);
    onProgress(at + ids.length);
  }
  return spans;
}

async function loadContract(server: Server, traceId: string, signal: AbortSignal): Promise<LoadedTrace> {
  const trace = await getContractJson<ContractTrace>(`/traces/${uuidOf(traceId)}`, { base: server.base, signal });
  const { spans }: { spans: ContractSpan[] } = trace;
  return {
    columns: columnsOfSpans(traceId, spans, server.windowNs),
    span: (position) => Promise.resolve(fullSpan(spans[position])),
    spans: (positions) => Promise.resolve(positions.map((position) => fullSpan(spans[position]))),
    search: (text) => Promise.resolve(positionsWith(spans, text)),
  };
}
