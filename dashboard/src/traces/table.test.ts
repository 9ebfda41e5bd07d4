import { expect, test } from 'vitest';

import { randomFrom } from '../testing/random';
import { BASE_NS } from './clock';
import { deltaOfPoints, entryOfSummary, type Delta, type TraceEntry } from './delta';
import { registerService, serviceName, serviceNumber } from './services';
import { countNumbers } from './stats';
import { TraceTable } from './table';

const everything = { from: -Infinity, to: Infinity, filter: 'all' as const, hidden: new Set<number>() };

function delta(entries: TraceEntry[], more: Partial<Delta> = {}): Delta {
  return { reset: false, entries, count: entries.length, gone: [], evictBefore: -Infinity, total: entries.length, ...more };
}

function row(id: number, more: Partial<TraceEntry> = {}): TraceEntry {
  const base = { start: id, duration: 1e6 * id, service: 0, operation: 'op', spans: 1, flags: 0 };
  return { id: id.toString(16).padStart(32, '0'), ...base, ...more };
}

test('the columns of an answer become entries with exact times', () => {
  const { entries, gone, evictBefore } = deltaOfPoints({
    epoch: 'e', now_ns: '0', cursor: 'c', reset: true, more: false, total: 1, rootless: 2,
    evict_before_ns: String(BASE_NS - 60n), base_ns: String(BASE_NS + 1000n),
    services: ['zeta'], service_numbers: [17], operations: ['GET /'],
    ids: 'ab'.repeat(16), start: [-1], duration: [999], service: [0], operation: [0], spans: [5], flags: [3],
    gone: 'cd'.repeat(16),
  });
  const [only] = entries;
  expect(only).toMatchObject({ id: 'ab'.repeat(16), start: 999, duration: 999, operation: 'GET /', spans: 5, flags: 3 });
  expect(serviceName(only.service)).toBe('zeta');
  expect(serviceNumber(only.service)).toBe(17);
  expect(gone).toEqual(['cd'.repeat(16)]);
  expect(evictBefore).toBe(-60);
});

test('a summary of the contract becomes an entry', () => {
  const made = entryOfSummary({
    trace_id: '0190163d-8694-739b-aea5-966c26f8ad91', root_service: 'cart', root_operation: 'add', span_count: 3,
    duration_ms: 213, start_time: String(BASE_NS + 1n), status: 'error',
  });
  expect(made).toMatchObject({ id: '0190163d8694739baea5966c26f8ad91', start: 1, duration: 213e6, flags: 1, spans: 3 });
  expect(made.service).toBe(registerService('cart'));
});

test('a table holds what a map would hold after the same random deltas', () => {
  const random = randomFrom(42);
  const table = new TraceTable();
  const model = new Map<string, TraceEntry>();
  let floor = 0;
  for (let step = 0; step < 300; step += 1) {
    const rows = Array.from({ length: random.int(0, 40) }, () => row(random.int(floor, floor + 3000), { spans: random.int(1, 4) }));
    const gone = random.bool() ? [...model.keys()].slice(0, 2) : [];
    floor += random.int(0, 30);
    const change = table.apply(delta(rows, { gone, evictBefore: floor, reset: random.next() < 0.02 }));
    if (change.reset) model.clear();
    for (const one of rows) model.set(one.id, one);
    for (const id of gone) model.delete(id);
    for (const [id, one] of model) if (one.start < floor) model.delete(id);
    expect(table.count).toBe(model.size);
    for (const [id, one] of model) expect(table.spans[table.find(id)!]).toBe(one.spans);
  }
  expect(table.used).toBeLessThan(4000);
});

test('an entry that changes nothing is not reported as a change', () => {
  const table = new TraceTable();
  expect(table.apply(delta([row(1)])).slots).toHaveLength(1);
  expect(table.apply(delta([row(1)])).slots).toHaveLength(0);
  expect(table.apply(delta([row(1, { spans: 2 })])).slots).toHaveLength(1);
});

test('numbers follow the status filter, but the counts beside each status do not', () => {
  const table = new TraceTable();
  table.apply(delta(Array.from({ length: 100 }, (_, at) => row(at + 1, { flags: at < 10 ? 1 : 0, spans: 2 }))));
  expect(countNumbers(table, everything)).toEqual({
    all: 100, ok: 90, error: 10, traces: 100, errors: 10, spans: 200,
    avg: 50.5e6, p50: 50e6, p95: 95e6, p99: 99e6, approximate: false,
  });
  const failed = countNumbers(table, { ...everything, filter: 'error' });
  expect(failed).toMatchObject({ all: 100, ok: 90, error: 10, traces: 10, errors: 10, p95: 10e6 });
});

test('beyond the cap the oldest traces are removed, and not taken back when they change', () => {
  const table = new TraceTable();
  table.cap = 100;
  table.apply(delta(Array.from({ length: 102 }, (_, at) => row(at + 1))));
  expect(table.count).toBe(102);
  const { slots } = table.apply(delta([103, 104, 105, 106].map((id) => row(id))));
  // Never fewer than the cap; one more where two traces fall into the same bucket of time.
  expect([100, 101]).toContain(table.count);
  expect(slots).toHaveLength(4 + 106 - table.count);
  expect([5, 7].map((id) => table.find(row(id).id) !== undefined)).toEqual([false, true]);
  expect(table.apply(delta([row(3, { spans: 9 })])).slots).toHaveLength(0);
  expect(table.apply(delta([row(7, { spans: 9 })])).slots).toHaveLength(1);
  table.apply(delta([row(3)], { reset: true }));
  expect(table.count).toBe(1);
});

test('held traces with a root are counted, one that gets its root keeps its slot and is not new', () => {
  const table = new TraceTable();
  const held = () => [table.count, table.rooted];
  table.apply(delta([row(1, { flags: 4 }), row(2, { flags: 5 }), row(3)]));
  expect(held()).toEqual([3, 1]);
  const slot = table.find(row(1).id)!;
  const change = table.apply(delta([row(1, { start: 9, duration: 5 })]));
  expect([change.slots, change.came, table.find(row(1).id)]).toEqual([[slot], 0, slot]);
  expect(held()).toEqual([3, 2]);
  table.apply(delta([], { gone: [row(2).id] }));
  expect(held()).toEqual([2, 2]);
  table.clear();
  expect(held()).toEqual([0, 0]);
});
