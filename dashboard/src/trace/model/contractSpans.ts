// Spans of the contract in the shape of API v1. Pure.

import type { ContractSpan, SearchAnswer, Span } from '../../api/types';
import { shortSpanId } from '../../url/ids';

export function spanOfContract(span: ContractSpan): Span {
  return {
    trace_id: span.trace_id.replaceAll('-', ''),
    span_id: shortSpanId(span.span_id),
    parent_span_id: span.parent_span_id == null ? null : shortSpanId(span.parent_span_id),
    service: span.service,
    operation: span.operation,
    kind: 0,
    flags: 0,
    trace_state: '',
    start_ns: span.start_time,
    end_ns: span.end_time,
    // The contract has no unset status.
    status: { code: span.status === 'error' ? 2 : 1, message: '' },
    attributes: Object.entries(span.tags ?? {}).map(([key, value]) => ({ key, value: { stringValue: value } })),
    dropped_attributes: 0,
    events: [],
    dropped_events: 0,
    links: [],
    dropped_links: 0,
    resource: null,
    scope: null,
  };
}

/** Searches keys and values of tags, and answers as API v1 does. */
export function searchTags(spans: readonly ContractSpan[], text: string): SearchAnswer {
  const wanted = text.toLowerCase();
  const matches: number[] = [];
  spans.forEach(({ tags }, position) => {
    const has = Object.entries(tags ?? {}).some(([key, value]) => key.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted));
    if (has) matches.push(position);
  });
  return { epoch: '', now_ns: '0', rev: '', matches, truncated: false };
}
