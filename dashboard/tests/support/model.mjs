// A model of API v1 in the simplest form: all traces in memory, everything computed for each request.
// It replaces the server where a test needs more traces than could be sent, or a state that a real server is rarely in.
// It implements `docs/api-v1.md`, so a real server has to give the same answers.

const POINTS_MAX = 100_000;
const SPANS_MAX = 500;

/** A trace is `{ id, spans }`; ids of spans are hexadecimal digits, times are offsets in ns from `baseNs`. */
export class Model {
  constructor({ baseNs = BigInt(Date.now()) * 1_000_000n, windowNs = 600e9, pointsMax = POINTS_MAX, features } = {}) {
    this.baseNs = baseNs;
    this.windowNs = windowNs;
    this.pointsMax = pointsMax;
    this.features = features ?? ['points', 'stats', 'tree', 'span', 'search'];
    this.epoch = 'model-1';
    this.services = [];
    this.traces = new Map();
    this.sequence = 0;
    this.wakers = new Set();
    this.streams = new Set();
  }

  put(id, spans) {
    this.sequence += 1;
    for (const span of spans) this.numberOf(span.service);
    this.traces.set(id, { id, spans, changed: this.sequence });
    for (const wake of this.wakers) wake();
  }

  remove(id) {
    this.traces.delete(id);
  }

  numberOf(service) {
    const known = this.services.indexOf(service);
    return known >= 0 ? known : this.services.push(service) - 1;
  }

  nowNs() {
    return BigInt(Date.now()) * 1_000_000n;
  }

  /** Answers a request of `serveDashboard`. */
  handler() {
    return async (request, response) => {
      const url = new URL(request.url, 'http://model');
      if (url.pathname === '/api/v1/stream' && this.features.includes('stream')) return this.stream(url, response);
      const body = await read(request);
      const answer = this.answer(url, body);
      const text = JSON.stringify(answer ?? { error: 'there is nothing at this path' });
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
      response.end(text);
    };
  }

  dropStreams() {
    for (const response of this.streams) response.destroy();
  }

  /** Streams deltas; `put` wakes it. */
  stream(url, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' });
    let cursor = url.searchParams.get('cursor') ?? '';
    const send = () => {
      const points = { epoch: this.epoch, now_ns: String(this.nowNs()), ...this.points(new URLSearchParams({ cursor })) };
      cursor = points.cursor;
      response.write(`id: ${cursor}\nevent: points\ndata: ${JSON.stringify(points)}\n\n`);
    };
    send();
    this.wakers.add(send);
    this.streams.add(response);
    response.on('close', () => {
      this.wakers.delete(send);
      this.streams.delete(response);
    });
  }

  answer(url, body) {
    const { pathname, searchParams } = url;
    const head = { epoch: this.epoch, now_ns: String(this.nowNs()) };
    if (pathname === '/api/v1/info') return { ...head, ...this.info() };
    if (pathname === '/api/v1/traces/points') return { ...head, ...this.points(searchParams) };
    if (pathname === '/api/v1/stats') return { ...head, ...this.stats(searchParams) };
    const match = /^\/api\/v1\/traces\/([0-9a-f]{32})\/(tree|spans|search)(?:\/([0-9a-f]+))?$/.exec(pathname);
    const trace = match && this.traces.get(match[1]);
    if (!trace) return null;
    if (match[2] === 'tree' && searchParams.get('since_rev') === String(trace.changed)) return { ...head, ...this.unchanged(trace) };
    if (match[2] === 'tree') return { ...head, ...this.tree(trace) };
    if (match[2] === 'search') return { ...head, ...this.search(trace, searchParams.get('q')) };
    if (match[3]) return { ...head, span: this.full(trace, trace.spans.find((span) => span.id === match[3])) };
    const ids = new Set(JSON.parse(body).span_ids);
    return { ...head, spans: trace.spans.filter((span) => ids.has(span.id)).map((span) => this.full(trace, span)) };
  }

  info() {
    let spans = 0;
    for (const trace of this.traces.values()) spans += trace.spans.length;
    return {
      version: '0.0.0-model', features: this.features, window_ns: this.windowNs, effective_window_ns: this.windowNs, limited_by: 'time',
      oldest_ns: null, newest_ns: null, traces: this.traces.size, spans, stale_spans: 0, repeated_spans: 0, refused_batches: 0,
      memory_bytes: 0, memory_bytes_max: 1, disk_bytes: 0, disk_bytes_max: 1, points_max: this.pointsMax, spans_max: SPANS_MAX, services: this.services,
    };
  }

  *matching(params) {
    const from = params.get('from') ? Number(BigInt(params.get('from')) - this.baseNs) : -Infinity;
    const to = params.get('to') ? Number(BigInt(params.get('to')) - this.baseNs) : Infinity;
    const filter = params.get('f') ?? 'all';
    for (const trace of this.traces.values()) {
      const root = trace.spans[0];
      if (root.start < from || root.start >= to) continue;
      if (filter === 'all' || (filter === 'error') === isFailed(trace)) yield trace;
    }
  }

  points(params) {
    // A cursor of another epoch is ignored.
    const [epoch, sequence] = (params.get('cursor') ?? '').split(':');
    const since = epoch === this.epoch ? Number(sequence) : 0;
    const all = [...this.matching(params)];
    const traces = all.filter((trace) => trace.changed > since).slice(-this.pointsMax);
    const operations = new Map();
    const operation = (name) => {
      if (!operations.has(name)) operations.set(name, operations.size);
      return operations.get(name);
    };
    const roots = traces.map((trace) => trace.spans[0]);
    const columns = {
      ids: traces.map((trace) => trace.id).join(''),
      start: roots.map((root) => root.start),
      duration: roots.map((root) => root.duration),
      service: roots.map((root) => this.numberOf(root.service)),
      operation: roots.map((root) => operation(root.operation)),
      spans: traces.map((trace) => trace.size ?? trace.spans.length),
      flags: traces.map((trace) => (isFailed(trace) ? 1 : 0)),
    };
    return {
      cursor: `${this.epoch}:${this.sequence}`, reset: since === 0, more: false, total: all.length, rootless: 0,
      evict_before_ns: String(this.nowNs() - BigInt(this.windowNs)), base_ns: String(this.baseNs),
      services: this.services, service_numbers: this.services.map((_, at) => at), operations: [...operations.keys()], ...columns, gone: '',
    };
  }

  stats(params) {
    const everything = new URLSearchParams(params);
    everything.set('f', 'all');
    const [all, traces] = [[...this.matching(everything)], [...this.matching(params)]];
    const durations = traces.map((trace) => trace.spans[0].duration).sort((a, b) => a - b);
    const percentile = (percent) => durations[Math.max(0, Math.ceil((percent * durations.length) / 100) - 1)] ?? 0;
    const error = all.filter(isFailed).length;
    const sum = durations.reduce((total, duration) => total + duration, 0);
    return {
      all: all.length, ok: all.length - error, error, traces: traces.length, errors: traces.filter(isFailed).length,
      spans: traces.reduce((total, trace) => total + trace.spans.length, 0), avg_ns: Math.floor(sum / Math.max(1, durations.length)),
      p50_ns: percentile(50), p95_ns: percentile(95), p99_ns: percentile(99), approximate: false,
      ...this.series(traces, Number(params.get('buckets') ?? 0)),
    };
  }

  series(traces, buckets) {
    if (buckets === 0) return {};
    const from = Number(this.nowNs() - this.baseNs) - this.windowNs;
    const step = Math.floor(this.windowNs / buckets);
    const count = (some) => some.reduce((counts, trace) => {
      const bucket = Math.floor((trace.spans[0].start - from) / step);
      counts[Math.min(buckets - 1, Math.max(0, bucket))] += 1;
      return counts;
    }, Array.from({ length: buckets }, () => 0));
    return { series: { base_ns: String(this.baseNs + BigInt(from)), step_ns: step, traces: count(traces), errors: count(traces.filter(isFailed)) } };
  }

  unchanged(trace) {
    return { trace_id: trace.id, rev: String(trace.changed), expires_ns: null, unchanged: true };
  }

  tree(trace) {
    const spans = inOrder(trace.spans);
    const positions = new Map(spans.map((span, at) => [span.id, at]));
    const operations = [...new Set(spans.map((span) => span.operation))];
    const numbers = new Map(operations.map((name, at) => [name, at]));
    return {
      trace_id: trace.id, rev: String(trace.changed), expires_ns: String(this.baseNs + BigInt(spans[0].start + this.windowNs)), base_ns: String(this.baseNs),
      services: this.services, service_numbers: this.services.map((_, at) => at), operations, id_digits: 16,
      ids: spans.map((span) => span.id).join(''),
      parent: spans.map((span) => (span.parent ? (positions.get(span.parent) ?? -2) : -1)),
      start: spans.map((span) => span.start), duration: spans.map((span) => span.duration),
      service: spans.map((span) => this.numberOf(span.service)), operation: spans.map((span) => numbers.get(span.operation)),
      kind: spans.map((span) => span.kind ?? 0), flags: spans.map((span) => (span.error ? 1 : 0)),
      events: spans.map((span) => span.events?.length ?? 0), links: spans.map((span) => span.links?.length ?? 0),
    };
  }

  search(trace, text) {
    const wanted = text.toLowerCase();
    const matches = inOrder(trace.spans).flatMap((span, at) => (JSON.stringify(span.attributes ?? {}).toLowerCase().includes(wanted) ? [at] : []));
    return { rev: String(trace.changed), matches: matches.slice(0, 10_000), truncated: matches.length > 10_000 };
  }

  full(trace, span) {
    return {
      trace_id: trace.id, span_id: span.id, parent_span_id: span.parent ?? null, service: span.service, operation: span.operation,
      kind: span.kind ?? 0, flags: 1, trace_state: '', start_ns: String(this.baseNs + BigInt(Math.round(span.start))),
      end_ns: String(this.baseNs + BigInt(Math.round(span.start + span.duration))), status: { code: span.error ? 2 : 0, message: span.error ? 'it failed' : '' },
      attributes: keyValues(span.attributes), dropped_attributes: 0, dropped_events: 0, dropped_links: 0,
      events: (span.events ?? []).map(({ name, at, attributes }) => ({ time_ns: String(this.baseNs + BigInt(span.start + at)), name, attributes: keyValues(attributes), dropped_attributes: 0 })),
      links: (span.links ?? []).map((link) => ({ ...link, trace_state: '', flags: 0, attributes: [], dropped_attributes: 0 })),
      resource: { attributes: keyValues({ 'service.name': span.service }), dropped_attributes: 0, schema_url: '' },
      scope: { name: 'model', version: '1', attributes: [], dropped_attributes: 0, schema_url: '' },
    };
  }
}

const isFailed = (trace) => trace.spans.some((span) => span.error);
const inOrder = (spans) => [...spans].sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
const keyValues = (object = {}) => Object.entries(object).map(([key, value]) => ({ key, value: { stringValue: String(value) } }));

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
