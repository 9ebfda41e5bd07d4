// Makes random traces for a real server, as OTLP JSON in batches. Times count back from now, so that all traces are inside
// the window; everything else depends only on the seed.

import { randomFrom } from './generate.mjs';

/** Limit: a body of a few MB, far below the server's limit. */
const SPANS_PER_BODY = 5000;
const MS = 1e6;
const SERVICES = ['checkout', 'inventory', 'payment', 'shipping', 'notification', 'search', 'cart', 'users'];
const OPERATIONS = ['GET /cart', 'POST /orders', 'SELECT stock', 'charge card', 'send mail', 'rank results'];
const ERROR = 2;

export class Feed {
  constructor(url, seed = 1) {
    this.url = url;
    this.random = randomFrom(seed);
  }

  /** Traces of one to four spans whose roots start in the last `reachMs`; durations lie around two humps. */
  async traces(count, reachMs) {
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    let spans = [];
    for (let at = 0; at < count; at += 1) {
      spans.push(...this.trace(nowNs - BigInt(Math.floor(this.random() * reachMs * MS))));
      if (spans.length < SPANS_PER_BODY) continue;
      await this.post(spans);
      spans = [];
    }
    await this.post(spans);
  }

  /** One large trace that ended a minute ago: levels of calls, runs of equal queries, a few errors. Returns its id. */
  async largeTrace(count) {
    const traceId = this.hex(32);
    const baseNs = BigInt(Date.now() - 120_000) * 1_000_000n;
    const spans = [this.span({ traceId, baseNs, start: 0, duration: 40_000 * MS, service: 'checkout', name: 'batch' })];
    while (spans.length < count) {
      const parent = spans[Math.floor(this.random() ** 2 * Math.min(spans.length, 4000))];
      const start = Math.floor(parent.start + this.random() * parent.duration * 0.8);
      const duration = Math.floor(this.random() * (parent.start + parent.duration - start));
      const name = `${this.pick(OPERATIONS)} ${spans.length % 50}`;
      spans.push(this.span({ traceId, baseNs, start, duration, name, parent: parent.id, errorShare: 0.002, route: `/r/${spans.length % 97}` }));
    }
    for (let at = 0; at < spans.length; at += SPANS_PER_BODY) await this.post(spans.slice(at, at + SPANS_PER_BODY));
    return traceId;
  }

  trace(baseNs) {
    const traceId = this.hex(32);
    const duration = Math.floor(10 ** (this.random() < 0.8 ? 6.5 + this.random() + this.random() : 8 + this.random()));
    const root = this.span({ traceId, baseNs, start: 0, duration, errorShare: 0.03 });
    const calls = Math.floor(this.random() * 4);
    const parts = Array.from({ length: calls }, (_, at) => ({ start: Math.floor((duration * at) / calls), duration: Math.floor(duration / (calls + 1)) }));
    return [root, ...parts.map((part) => this.span({ traceId, baseNs, ...part, parent: root.id, errorShare: 0.01 }))];
  }

  span({ traceId, baseNs, start, duration, parent = '', service = this.pick(SERVICES), name = this.pick(OPERATIONS), errorShare = 0, route = '/x' }) {
    const id = this.hex(16);
    const failed = this.random() < errorShare;
    return { id, start, duration, service, json: { traceId, spanId: id, parentSpanId: parent, name, kind: 1 + Math.floor(this.random() * 5), startTimeUnixNano: String(baseNs + BigInt(start)), endTimeUnixNano: String(baseNs + BigInt(start + duration)), attributes: [{ key: 'http.route', value: { stringValue: route } }], status: failed ? { code: ERROR } : {} } };
  }

  async post(spans) {
    if (spans.length === 0) return;
    const resourceSpans = [...byService(spans)].map(([service, some]) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
      scopeSpans: [{ spans: some.map((span) => span.json) }],
    }));
    const reply = await fetch(`${this.url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ resourceSpans }) });
    const answer = await reply.text();
    if (reply.status !== 200 || answer.includes('rejectedSpans')) throw new Error(`POST /v1/traces: ${reply.status} ${answer}`);
  }

  pick(values) {
    return values[Math.floor(this.random() * values.length)];
  }

  hex(digits) {
    return Array.from({ length: digits }, () => Math.floor(this.random() * 16).toString(16)).join('');
  }
}

function byService(spans) {
  const groups = new Map();
  for (const span of spans) {
    if (!groups.has(span.service)) groups.set(span.service, []);
    groups.get(span.service).push(span);
  }
  return groups;
}
