// What happens to the traces of a connection: restarts, the count of new ones, the status filter and the stream.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { Failure } from '../api/failure';
import type { TraceEntry } from '../traces/delta';
import { traceAt, setUp, type Step } from './fakeServer';
import { POLL_MS } from './poller';

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
/** Lets promises settle without a poll coming due. */
const settle = () => pass(1);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a restart of the server', () => {
  const restarted = async (traces: TraceEntry[]) => {
    const parts = setUp();
    const { live, planned, sources } = parts;
    planned.push([{ traces: [traceAt(1), traceAt(2)] }]);
    live.connect('http://one');
    await settle();
    sources[0].next = [{ traces, reset: true, epoch: 'second' }];
    await pass(POLL_MS);
    return parts;
  };

  test('with all its traces is good news, for a while, and none of them is new', async () => {
    const { live } = await restarted([traceAt(1), traceAt(2)]);
    expect(live.state.get()).toMatchObject({ notice: { isGood: true }, arrived: 2 });
    await pass(9000);
    expect(live.state.get().notice).not.toBeNull();
    await pass(1000);
    expect(live.state.get().notice).toBeNull();
  });

  test('that lost traces says how many, until the reader dismisses it', async () => {
    const { live } = await restarted([traceAt(2)]);
    expect(live.table.count).toBe(1);
    expect(live.state.get().notice).toEqual({ isGood: false, text: expect.stringContaining('1 trace that it had before is gone') });
    await pass(20_000);
    expect(live.state.get().notice).not.toBeNull();
    live.dismissNotice();
    expect(live.state.get().notice).toBeNull();
  });

  test('empties the copies of the table first', async () => {
    const { changes } = await restarted([traceAt(2)]);
    expect(changes.map(({ reset }) => reset)).toEqual([true, false, true, true]);
  });
});

describe('the count of new traces, which a paused chart shows', () => {
  test('grows with each poll, but not with traces that have only grown', async () => {
    const { live, planned, sources } = setUp();
    planned.push([{ traces: [traceAt(1), traceAt(2)] }]);
    live.connect('http://one');
    await settle();
    sources[0].next = [{ traces: [traceAt(2, 9), traceAt(3)] }];
    await pass(POLL_MS);
    expect(live.state.get().arrived).toBe(3);
    expect(live.table.spans[live.table.find(traceAt(2).id)!]).toBe(9);
  });
});

describe('the status filter', () => {
  const cut = async () => {
    const parts = setUp({ cap: 2, features: ['stream'] });
    parts.planned.push([{ traces: [traceAt(1), traceAt(2)], total: 50 }]);
    parts.live.connect('http://one');
    await settle();
    return parts;
  };

  test('asks for nothing while the page holds every trace', async () => {
    const { live, planned, sources, filter } = setUp();
    planned.push([{ traces: [traceAt(1)] }]);
    live.connect('http://one');
    await settle();
    filter.set('error');
    await settle();
    expect(sources[0].polledAt).toHaveLength(1);
    expect(live.state.get().holdsAll).toBe(true);
  });

  test('lets the page count itself, however many traces without a root the server had a moment ago', async () => {
    const { live, planned } = setUp();
    planned.push([{ traces: [traceAt(1), { ...traceAt(2), flags: 4 }], total: 1, rootless: 9 }]);
    live.connect('http://one');
    await settle();
    expect([live.state.get().holdsAll, live.table.count, live.table.rooted]).toEqual([true, 2, 1]);
  });

  test('is left to the server where that has more traces than are held', async () => {
    const { live, sources, filter } = await cut();
    expect(live.state.get().holdsAll).toBe(false);
    filter.set('error');
    await settle();
    expect(sources[0].polledAt).toHaveLength(2);
    expect(sources[0].filter).toBe('error');
    filter.set('all');
    await settle();
    expect(sources[0].filter).toBe('all');
  });

  test('ends the stream of the old filter and opens one for the new', async () => {
    const { filter, streams } = await cut();
    filter.set('error');
    await settle();
    expect(streams.map(({ isEnded }) => isEnded)).toEqual([true, false]);
  });
});

describe('the stream', () => {
  const streaming = async () => {
    const parts = setUp({ features: ['stream'] });
    parts.planned.push([{ traces: [traceAt(1)] }]);
    parts.live.connect('http://one');
    await settle();
    const send = (step: Step) => parts.streams.at(-1)!.hooks.onPoints(JSON.stringify(step));
    return { ...parts, send };
  };

  test('is opened after the first answer, once, and only where the server has one', async () => {
    const { streams } = await streaming();
    await pass(5 * POLL_MS);
    expect(streams).toHaveLength(1);
    expect(streams[0].hooks.query()).toBe('cursor=c');
    const without = setUp();
    without.live.connect('http://one');
    await pass(5 * POLL_MS);
    expect(without.streams).toEqual([]);
  });

  test('reaches the chart at once, and components at most once a second', async () => {
    const { live, send, changes } = await streaming();
    await pass(1500);
    const seen = changes.length;
    const { version } = live.state.get();
    for (let number = 10; number < 15; number += 1) send({ traces: [traceAt(number)] });
    expect(changes).toHaveLength(seen + 5);
    expect(live.state.get().version).toBe(version + 1);
    expect(live.state.get().arrived).toBe(2);
    await pass(999);
    expect(live.state.get().version).toBe(version + 1);
    await pass(1);
    expect(live.state.get()).toMatchObject({ version: version + 2, arrived: 6 });
  });

  test('that has failed for good is replaced by a poll at once, and not opened again', async () => {
    const { sources, streams } = await streaming();
    await pass(500);
    streams[0].hooks.onEnd();
    await settle();
    expect(sources[0].polledAt).toHaveLength(2);
    await pass(5 * POLL_MS);
    expect(streams).toHaveLength(1);
  });

  test('is opened again when the server is back', async () => {
    const { sources, streams, kind } = await streaming();
    sources[0].next = new Failure('refused', 'no');
    await pass(POLL_MS);
    expect(streams[0].isEnded).toBe(true);
    await pass(POLL_MS);
    expect(kind()).toBe('connected');
    expect(streams.map(({ isEnded }) => isEnded)).toEqual([true, false]);
  });

  test('notices a restart; the next poll says what it has cost', async () => {
    const { live, send, sources } = await streaming();
    send({ traces: [], reset: true, epoch: 'second' });
    expect(live.table.count).toBe(0);
    expect(live.state.get().notice).toBeNull();
    sources[0].next = [{ traces: [traceAt(1)], epoch: 'second' }];
    await pass(POLL_MS);
    expect(live.state.get().notice).not.toBeNull();
  });
});
