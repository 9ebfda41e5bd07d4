import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { BASE_NS } from '../traces/clock';
import { TraceTable } from '../traces/table';
import { CONTRACT_TRACES_MAX, ContractSource } from './contractSource';

/** A server with only the list of the contract: newest traces first. */
class ListServer {
  starts = new Map<string, { start: bigint; spans: number }>();
  requests: string[] = [];

  add(count: number, from: bigint, stepNs = 1000n): void {
    const known = this.starts.size;
    for (let at = 0; at < count; at += 1) this.starts.set(uuid(known + at), { start: from + BigInt(at) * stepNs, spans: 1 });
  }

  answer(path: string): object {
    this.requests.push(path);
    const params = new URL(path, 'http://x').searchParams;
    const before = params.has('before') ? BigInt(params.get('before')!) : null;
    const matching = [...this.starts].filter(([, { start }]) => before === null || start < before);
    matching.sort(([a, x], [b, y]) => (x.start === y.start ? (a < b ? -1 : 1) : x.start > y.start ? -1 : 1));
    const traces = matching.slice(0, Number(params.get('limit'))).map(([id, { start, spans }]) => ({
      trace_id: id, root_service: 'cart', root_operation: 'add', span_count: spans, duration_ms: 1, start_time: `@${start}@`, status: 'ok',
    }));
    return { traces, total: matching.length };
  }
}

const uuid = (number: number) => `00000000-0000-0000-0000-${number.toString(16).padStart(12, '0')}`;
const idOf = (number: number) => uuid(number).replaceAll('-', '');

let server: ListServer;
let table: TraceTable;
let source: ContractSource;

beforeEach(() => {
  server = new ListServer();
  table = new TraceTable();
  source = new ContractSource('http://server', table, null);
  vi.stubGlobal('fetch', (url: URL) => {
    const text = JSON.stringify(server.answer(url.pathname + url.search)).replace(/"@(-?\d+)@"/g, '$1');
    return Promise.resolve(new Response(text));
  });
});
afterEach(() => vi.unstubAllGlobals());

async function poll(): Promise<number> {
  const asked = server.requests.length;
  for await (const { delta } of source.poll(new AbortController().signal)) table.apply(delta);
  return server.requests.length - asked;
}

test('the first poll reads all pages, later ones only two', async () => {
  server.add(4500, BASE_NS);
  expect(await poll()).toBe(5);
  expect(table.count).toBe(4500);
  server.add(300, BASE_NS + 10_000_000n);
  expect(await poll()).toBe(2);
  expect(table.count).toBe(4800);
  expect(table.total).toBe(4800);
});

test('many new traces at once are all read', async () => {
  server.add(10, BASE_NS);
  await poll();
  server.add(2500, BASE_NS + 1_000_000n);
  await poll();
  expect(table.count).toBe(2510);
});

test('no trace is skipped where many with an equal start lie at the edge of a page', async () => {
  server.add(700, BASE_NS + 5_000_000n);
  server.add(600, BASE_NS + 4_000_000n, 0n);
  server.add(700, BASE_NS);
  await poll();
  expect(table.count).toBe(2000);
});

test('traces that are no longer listed are removed', async () => {
  server.add(2500, BASE_NS);
  await poll();
  for (let number = 0; number < 40; number += 1) server.starts.delete(uuid(number));
  // Each poll reads one of the three older pages.
  for (let turn = 0; turn < 4; turn += 1) await poll();
  expect(table.count).toBe(2460);
  expect(table.find(idOf(3))).toBeUndefined();
});

test('an old trace that has grown is seen once its page is read again', async () => {
  server.add(2500, BASE_NS);
  await poll();
  server.starts.get(uuid(7))!.spans = 9;
  for (let turn = 0; turn < 4; turn += 1) await poll();
  expect(table.spans[table.find(idOf(7))!]).toBe(9);
});

test('at most the cap is held, and those are the newest traces', async () => {
  server.add(CONTRACT_TRACES_MAX + 3000, BASE_NS);
  await poll();
  server.add(500, BASE_NS + 100_000_000n);
  await poll();
  expect(table.count).toBe(CONTRACT_TRACES_MAX);
  expect(table.total).toBe(CONTRACT_TRACES_MAX + 3500);
  expect(table.find(idOf(CONTRACT_TRACES_MAX + 3499))).toBeDefined();
});

test('an empty list removes all traces', async () => {
  server.add(1200, BASE_NS);
  await poll();
  server.starts.clear();
  await poll();
  expect(table.count).toBe(0);
});
