// The answers of the API, by the names that its documents use. `docs/api-v1.md` says what they mean.

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
