// A connection: connecting, failing, switching to another server, hiding the page. The test controls server, clock and page.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { Failure } from '../api/failure';
import { info, traceAt, setUp } from './fakeServer';
import { POLL_MS } from './poller';
import type { Server } from './server';

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** Lets promises settle without a poll coming due. */
const settle = () => pass(1);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('connecting', () => {
  test('asks nobody before it is told to', async () => {
    const { identified, kind } = setUp();
    await pass(60_000);
    expect(kind()).toBe('idle');
    expect(identified).toEqual([]);
  });

  test('identifies the server, reads its traces and says so', async () => {
    const { live, planned, identified, kind } = setUp();
    planned.push([{ traces: [traceAt(1), traceAt(2)] }]);
    live.connect('http://one');
    expect(kind()).toBe('connecting');
    await settle();
    expect(identified).toEqual(['http://one']);
    expect(live.state.get()).toMatchObject({ connection: { kind: 'connected', base: 'http://one' }, cap: 1000, holdsAll: true, arrived: 2, notice: null });
    expect(live.state.get().polledAt).not.toBeNull();
    expect(live.windowNs).toBe(60e9);
    expect(live.table.count).toBe(2);
  });

  test('shows the pages of the first answer one by one, those of later ones together', async () => {
    const { live, planned, sources } = setUp();
    const versions: number[] = [];
    live.state.subscribe(() => versions.push(live.state.get().version));
    const pages = () => [{ traces: [traceAt(1)] }, { traces: [traceAt(2)] }, { traces: [traceAt(3)] }];
    planned.push(pages());
    live.connect('http://one');
    await settle();
    const first = new Set(versions).size;
    versions.length = 0;
    sources[0].next = pages().map(({ traces: [{ start }] }) => ({ traces: [traceAt(start + 10)] }));
    await pass(POLL_MS);
    expect(first).toBeGreaterThanOrEqual(4);
    expect(versions).toHaveLength(1);
  });

  test('polls every three seconds, and reads the counters of the server with every fifth poll', async () => {
    const { live, sources, transport } = setUp();
    live.connect('http://one');
    await pass(4 * POLL_MS + 100);
    expect(sources[0].polledAt.map((at) => at - sources[0].polledAt[0])).toEqual([0, 3000, 6000, 9000, 12_000]);
    expect(transport.refresh).not.toHaveBeenCalled();
    await pass(POLL_MS);
    expect(transport.refresh).toHaveBeenCalledTimes(1);
    expect(live.windowNs).toBe(120e9);
  });

  test('reads no counters of a server that has none', async () => {
    const { live, transport } = setUp({ isContract: true });
    live.connect('http://one');
    await pass(12 * POLL_MS);
    expect(transport.refresh).not.toHaveBeenCalled();
  });
});

describe('a poll that fails', () => {
  test('keeps the traces, says when it is tried again, and recovers', async () => {
    const { live, planned, sources, kind, identified } = setUp();
    planned.push([{ traces: [traceAt(1)] }]);
    live.connect('http://one');
    await settle();
    sources[0].next = new Failure('refused', 'Nothing answers.');
    await pass(POLL_MS);
    expect(live.state.get().connection).toMatchObject({ kind: 'failed', message: 'Nothing answers.', retryAt: expect.closeTo(Date.now() + 3000, -1) });
    expect(live.table.count).toBe(1);
    expect(live.state.get()).toMatchObject({ holdsAll: true, server: { base: 'http://one' } });
    planned.push([{ traces: [traceAt(1), traceAt(2)], reset: true }]);
    await pass(POLL_MS);
    expect(kind()).toBe('connected');
    expect(live.table.count).toBe(2);
    // It may be another version that has come back.
    expect(identified).toHaveLength(2);
  });

  test('by a timeout goes on with the same cursor', async () => {
    const { live, sources, kind, identified } = setUp();
    live.connect('http://one');
    await settle();
    sources[0].next = new Failure('timeout', 'No answer within 30 s.');
    await pass(POLL_MS);
    expect(kind()).toBe('failed');
    await pass(POLL_MS);
    expect(kind()).toBe('connected');
    expect(identified).toHaveLength(1);
    expect(sources).toHaveLength(1);
  });

  test('while the server is identified is tried again, and at once on demand', async () => {
    const { live, transport, kind, identified } = setUp();
    transport.identify.mockRejectedValueOnce(new Failure('refused', 'no')).mockRejectedValueOnce(new Failure('refused', 'no'));
    live.connect('http://one');
    await settle();
    expect(kind()).toBe('failed');
    live.retryNow();
    await settle();
    expect(kind()).toBe('failed');
    expect(transport.identify).toHaveBeenCalledTimes(2);
    live.retryNow();
    await settle();
    expect(kind()).toBe('connected');
    expect(identified).toHaveLength(1);
  });

  test('waits longer after each failure in a row', async () => {
    const { live, transport } = setUp();
    transport.identify.mockRejectedValue(new Failure('refused', 'no'));
    live.connect('http://one');
    await pass(3000 + 6000 + 12_000 + 100);
    expect(transport.identify).toHaveBeenCalledTimes(4);
    await pass(29_000);
    expect(transport.identify).toHaveBeenCalledTimes(4);
    await pass(1000);
    expect(transport.identify).toHaveBeenCalledTimes(5);
  });
});

describe('another server', () => {
  test('replaces the first, with all that was known of it', async () => {
    const { live, planned, sources, changes } = setUp();
    planned.push([{ traces: [traceAt(1), traceAt(2)] }], [{ traces: [traceAt(7)], epoch: 'other' }]);
    live.connect('http://one');
    await settle();
    live.connect('http://two');
    expect(live.table.count).toBe(0);
    expect(live.state.get()).toMatchObject({ connection: { kind: 'connecting', base: 'http://two' }, server: null, polledAt: null, arrived: 0 });
    expect(changes.at(-1)).toMatchObject({ reset: true });
    await settle();
    // Another epoch on another server is no restart.
    expect(live.state.get()).toMatchObject({ connection: { kind: 'connected', base: 'http://two' }, arrived: 1, notice: null });
    await pass(3 * POLL_MS);
    expect(sources[0].polledAt).toHaveLength(1);
  });

  test('is not disturbed by an answer of the first that comes late', async () => {
    const { live, planned, sources, kind } = setUp();
    let answer = () => {};
    planned.push([], [{ traces: [traceAt(7)] }]);
    live.connect('http://one');
    await settle();
    sources[0].next = [{ traces: [traceAt(1), traceAt(2)] }];
    sources[0].held = new Promise((resolve) => (answer = resolve));
    await pass(POLL_MS);
    live.connect('http://two');
    await settle();
    answer();
    await settle();
    expect(live.table.count).toBe(1);
    expect(kind()).toBe('connected');
    expect(live.state.get().server?.base).toBe('http://two');
  });

  test('is not replaced by the first, where that is identified late', async () => {
    const { live, transport, sources } = setUp();
    let answer: (server: Server) => void = () => {};
    transport.identify.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    live.connect('http://one');
    await settle();
    live.connect('http://two');
    await settle();
    answer({ base: 'http://one', info, windowNs: 1, effectiveNs: 1, features: new Set() });
    await settle();
    expect(live.state.get().server?.base).toBe('http://two');
    expect(sources).toHaveLength(1);
  });
});

describe('a hidden page', () => {
  test('asks nothing, and asks at once when it is shown', async () => {
    const { live, tab, sources } = setUp();
    live.connect('http://one');
    await settle();
    tab.setHidden(true);
    await pass(60_000);
    expect(sources[0].polledAt).toHaveLength(1);
    tab.setHidden(false);
    await settle();
    expect(sources[0].polledAt).toHaveLength(2);
  });

  test('still takes the answer that was under way', async () => {
    const { live, tab, sources } = setUp();
    let answer = () => {};
    live.connect('http://one');
    await settle();
    sources[0].next = [{ traces: [traceAt(1)] }];
    sources[0].held = new Promise((resolve) => (answer = resolve));
    await pass(POLL_MS);
    tab.setHidden(true);
    answer();
    await settle();
    expect(live.table.count).toBe(1);
  });
});

test('a closed connection asks nothing more', async () => {
  const { live, sources, streams, filter, tab } = setUp({ features: ['stream'] });
  live.connect('http://one');
  await settle();
  live.close();
  filter.set('error');
  await pass(10 * POLL_MS);
  expect(sources[0].polledAt).toHaveLength(1);
  expect(streams[0].isEnded).toBe(true);
  expect(tab.listeners.size).toBe(0);
});
