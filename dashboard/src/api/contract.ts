// The answers of the contract as the dashboard reads them. Times are text, because a JavaScript number has too few bits:
// `quoteTimes` puts them in quotes before an answer is parsed.

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

/** `window` is missing where the server does not tell it. */
export type Health = {
  status: 'ok';
  window?: { requested_seconds: number; effective_seconds: number; limited_by: 'time' | 'memory' | 'disk' };
};
