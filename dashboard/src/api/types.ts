// The answers of the API, by the names that its documents use. `docs/api-v1.md` says what they mean.

export type Feature = 'points' | 'stats' | 'tree' | 'span' | 'search' | 'stream';

export type Info = {
  epoch: string;
  now_ns: string;
  version: string;
  features: string[];
  window_ns: number;
  effective_window_ns: number;
  limited_by: 'time' | 'memory' | 'disk';
  oldest_ns: string | null;
  newest_ns: string | null;
  traces: number;
  spans: number;
  stale_spans: number;
  repeated_spans: number;
  refused_batches: number;
  memory_bytes: number;
  memory_bytes_max: number;
  disk_bytes: number;
  disk_bytes_max: number;
  points_max: number;
  spans_max: number;
  services: string[];
};

export type Points = {
  epoch: string;
  now_ns: string;
  cursor: string;
  reset: boolean;
  more: boolean;
  total: number;
  evict_before_ns: string;
  base_ns: string;
  services: string[];
  service_numbers: number[];
  operations: string[];
  ids: string;
  start: number[];
  duration: number[];
  service: number[];
  operation: number[];
  spans: number[];
  flags: number[];
  gone: string;
};

export type Stats = {
  epoch: string;
  now_ns: string;
  all: number;
  ok: number;
  error: number;
  traces: number;
  errors: number;
  spans: number;
  avg_ns: number;
  p50_ns: number;
  p95_ns: number;
  p99_ns: number;
  approximate: boolean;
  series?: Series;
};

export type Series = { base_ns: string; step_ns: number; traces: number[]; errors: number[] };

export type Tree = {
  epoch: string;
  now_ns: string;
  trace_id: string;
  rev: string;
  expires_ns: string | null;
  base_ns: string;
  services: string[];
  service_numbers: number[];
  operations: string[];
  id_digits: number;
  ids: string;
  parent: number[];
  start: number[];
  duration: number[];
  service: number[];
  operation: number[];
  kind: number[];
  flags: number[];
  events: number[];
  links: number[];
};

export type TreeUnchanged = {
  epoch: string;
  now_ns: string;
  trace_id: string;
  rev: string;
  expires_ns: string | null;
  unchanged: true;
};

/** OTLP's JSON for a value; an empty object is no value. */
export type AnyValue = {
  stringValue?: string;
  intValue?: string | number;
  doubleValue?: number | string;
  boolValue?: boolean;
  bytesValue?: string;
  arrayValue?: { values?: AnyValue[] };
  kvlistValue?: { values?: Attribute[] };
};

export type Attribute = { key: string; value: AnyValue };

export type SpanEvent = { time_ns: string; name: string; attributes: Attribute[]; dropped_attributes: number };

export type SpanLink = {
  trace_id: string;
  span_id: string;
  trace_state: string;
  flags: number;
  attributes: Attribute[];
  dropped_attributes: number;
};

export type Resource = { attributes: Attribute[]; dropped_attributes: number; schema_url: string };

export type Scope = Resource & { name: string; version: string };

export type Span = {
  trace_id: string;
  span_id: string;
  parent_span_id: string | null;
  service: string;
  operation: string;
  kind: number;
  flags: number;
  trace_state: string;
  start_ns: string;
  end_ns: string;
  status: { code: number; message: string };
  attributes: Attribute[];
  dropped_attributes: number;
  events: SpanEvent[];
  dropped_events: number;
  links: SpanLink[];
  dropped_links: number;
  resource: Resource | null;
  scope: Scope | null;
};

export type SpanAnswer = { epoch: string; now_ns: string; span: Span };
export type SpansAnswer = { epoch: string; now_ns: string; spans: Span[] };
export type SearchAnswer = { epoch: string; now_ns: string; rev: string; matches: number[]; truncated: boolean };

/** The contract's answers. Times were made text before parsing: as numbers they would lose digits. */
export type TraceSummary = {
  trace_id: string;
  root_service: string;
  root_operation: string;
  span_count: number;
  duration_ms: number;
  start_time: string;
  status: 'ok' | 'error';
};
export type TraceList = { traces: TraceSummary[]; total: number };

export type ContractSpan = {
  trace_id: string;
  span_id: string;
  parent_span_id?: string | null;
  service: string;
  operation: string;
  start_time: string;
  end_time: string;
  status: 'ok' | 'error';
  tags?: Record<string, string> | null;
};
export type ContractTrace = { trace_id: string; spans: ContractSpan[] };

export type Health = {
  status: 'ok';
  window?: { requested_seconds: number; effective_seconds: number; limited_by: 'time' | 'memory' | 'disk' };
};
