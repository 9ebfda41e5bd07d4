// The types of the answers of both APIs. `docs/api-v1.md` says what their fields mean.

export type {
  AnyValue,
  Attribute,
  Info,
  Points,
  Resource,
  Scope,
  SearchAnswer,
  Span,
  SpanAnswer,
  SpanEvent,
  SpanLink,
  SpansAnswer,
  Stats,
  Tree,
  TreeUnchanged,
} from './generated';
export type { ContractSpan, ContractTrace, Health, TraceList, TraceSummary } from './contract';
