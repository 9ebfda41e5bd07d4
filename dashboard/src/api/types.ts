// The answers of the API, by the names that its documents use. `docs/api-v1.md` says what they mean.

export type {
  AnyValue,
  Attribute,
  ContractSpan,
  ContractTrace,
  Health,
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
  TraceList,
  TraceSummary,
  Tree,
  TreeUnchanged,
} from './generated';
