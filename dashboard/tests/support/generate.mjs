// Makes random traces; equal seeds make equal traces.

import { randomUUID } from 'node:crypto';

export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const SERVICES = ['checkout', 'inventory', 'payment', 'shipping', 'notification', 'search', 'cart', 'users'];
const OPERATIONS = ['GET /cart', 'POST /orders', 'SELECT stock', 'charge card', 'send mail', 'rank results'];

const hex = (random, digits) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
const pick = (random, values) => values[Math.floor(random() * values.length)];

/** Fills a model with traces of one span over its window; durations lie around two humps. */
export function fillModel(model, count, seed = 1) {
  const random = randomFrom(seed);
  for (let at = 0; at < count; at += 1) {
    const start = -Math.floor(random() * model.windowNs * 0.95);
    const duration = Math.floor(10 ** (random() < 0.8 ? 6.5 + random() + random() : 8 + random()));
    const span = { id: hex(random, 16), start, duration, service: pick(random, SERVICES), operation: pick(random, OPERATIONS), error: random() < 0.04 };
    model.put(hex(random, 32), [span]);
  }
}

/** One large trace: levels of calls, runs of equal queries, a few errors. Returns its id. */
export function addLargeTrace(model, count, seed = 2) {
  const random = randomFrom(seed);
  const id = hex(random, 32);
  const root = { id: hex(random, 16), start: -60e9, duration: 40e9, service: 'checkout', operation: 'batch', attributes: { tenant: 'acme' } };
  const spans = [root];
  while (spans.length < count) {
    const parent = spans[Math.floor(random() ** 2 * Math.min(spans.length, 4000))];
    const start = Math.floor(parent.start + random() * parent.duration * 0.8);
    const duration = Math.floor(random() * (parent.start + parent.duration - start));
    spans.push({
      id: hex(random, 16), parent: parent.id, start, duration, service: pick(random, SERVICES), operation: `${pick(random, OPERATIONS)} ${spans.length % 50}`,
      kind: 1 + Math.floor(random() * 5), error: random() < 0.002, attributes: { 'http.route': `/r/${spans.length % 97}` },
    });
  }
  model.put(id, spans);
  return id;
}

/** A span of the contract. Times are text, because a number has too few bits. */
export function contractSpan({ traceId, spanId = randomUUID(), parent, service = 'checkout', operation = 'GET /cart', startNs, durationNs = 0n, status = 'ok', tags }) {
  return {
    trace_id: traceId, span_id: spanId, ...(parent ? { parent_span_id: parent } : {}), service, operation, start_time: String(startNs),
    end_time: String(startNs + BigInt(durationNs)), status, ...(tags ? { tags } : {}),
  };
}

export const nowNs = () => BigInt(Date.now()) * 1_000_000n;
