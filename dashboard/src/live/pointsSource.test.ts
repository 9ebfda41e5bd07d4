import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { Info, Points } from '../api/types';
import { TraceTable } from '../traces/table';
import { fakePage } from './fakePage';
import { httpTransport, POINTS_MAX } from './httpTransport';
import { PointsSource } from './pointsSource';

/** An answer without traces. */
function points(cursor: string, more: Partial<Points> = {}): Points {
  return {
    epoch: 'e', now_ns: '0', cursor, reset: false, more: false, total: 0, rootless: 0, evict_before_ns: '0', base_ns: '0', services: [], service_numbers: [], operations: [],
    ids: '', start: [], duration: [], service: [], operation: [], spans: [], flags: [], gone: '', ...more,
  };
}

let requests: string[] = [];
let answers: (Points | Promise<Points>)[] = [];

beforeEach(() => {
  requests = [];
  answers = [];
  vi.stubGlobal('fetch', async (url: URL) => {
    requests.push(url.search);
    return new Response(JSON.stringify(await answers.shift()));
  });
});
afterEach(() => vi.unstubAllGlobals());

async function poll(source: PointsSource): Promise<number> {
  let batches = 0;
  for await (const _ of source.poll(new AbortController().signal)) batches += 1;
  return batches;
}

test('a poll goes on from the last cursor, and reads on while there is more', async () => {
  const source = new PointsSource('http://one', 50);
  answers = [points('a', { more: true }), points('b'), points('c')];
  expect(await poll(source)).toBe(2);
  expect(await poll(source)).toBe(1);
  expect(requests).toEqual(['?max=50', '?cursor=a&max=50', '?cursor=b&max=50']);
});

test('an answer that was overtaken by the stream is dropped, unless it resets the page', async () => {
  const source = new PointsSource('http://one', 50);
  for (const reset of [false, true]) {
    let answer: (points: Points) => void = () => {};
    answers = [new Promise((resolve) => (answer = resolve))];
    const polled = poll(source);
    source.streaming.receive(points('s'));
    answer(points('old', { reset }));
    expect(await polled).toBe(reset ? 1 : 0);
    expect(source.streaming.query()).toBe(reset ? 'cursor=old' : 'cursor=s');
  }
});

test('the server filters only where it has more traces than are held, and then reads anew', async () => {
  const source = new PointsSource('http://one', 50);
  answers = [points('a')];
  await poll(source);
  expect(source.refilter('error', false)).toBe(false);
  expect(source.streaming.query()).toBe('cursor=a');
  expect(source.refilter('error', true)).toBe(true);
  expect([source.isFiltered, source.streaming.query()]).toEqual([true, 'f=error']);
  // Back to all: what was filtered is missing now.
  expect(source.refilter('all', false)).toBe(true);
  expect([source.isFiltered, source.streaming.query()]).toEqual([false, '']);
});

test('a server without points is read by the contract, and the lower cap counts', () => {
  const { openSource } = httpTransport(fakePage().page);
  const server = { base: 'http://one', windowNs: null, effectiveNs: null };
  const capOf = (max: number) => openSource({ ...server, info: { points_max: max } as Info, features: new Set(['points']) }, new TraceTable()).cap;
  expect([capOf(7), capOf(1e9)]).toEqual([7, POINTS_MAX]);
  expect(openSource({ ...server, info: null, features: new Set() }, new TraceTable())).toMatchObject({ removesExcess: true, streaming: null });
});
