import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { fakePage } from './fakePage';
import { POLL_MS, Poller } from './poller';

let tab = fakePage();

beforeEach(() => {
  vi.useFakeTimers();
  tab = fakePage();
});
afterEach(() => vi.useRealTimers());

function pollerOf(poll: (signal: AbortSignal) => Promise<void>) {
  const starts: number[] = [];
  const retries: number[] = [];
  const began = Date.now();
  const poller = new Poller(tab.page, {
    poll: (signal) => {
      starts.push(Date.now() - began);
      return poll(signal);
    },
    onFailure: (_, retryAt) => retries.push(retryAt - Date.now()),
  });
  poller.start();
  return { poller, starts, retries };
}

const takes = (ms: number) => () => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('polls start three seconds apart, however long they take', async () => {
  const { starts } = pollerOf(takes(1200));
  await vi.advanceTimersByTimeAsync(12_000);
  expect(starts).toEqual([0, 3000, 6000, 9000, 12_000]);
});

test('there is never more than one poll at a time', async () => {
  const { poller, starts } = pollerOf(takes(POLL_MS + 500));
  await vi.advanceTimersByTimeAsync(1000);
  poller.pollNow();
  await vi.advanceTimersByTimeAsync(9000);
  // A timer of 0 ms takes one millisecond.
  expect(starts.map((at) => Math.round(at / 10) * 10)).toEqual([0, 3500, 7000]);
});

test('a hidden page does not poll, and polls at once when it is shown', async () => {
  const { starts } = pollerOf(takes(10));
  await vi.advanceTimersByTimeAsync(100);
  tab.setHidden(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(starts).toEqual([0]);
  tab.setHidden(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(starts).toHaveLength(2);
});

test('pauses grow with each failure in a row, and a success resets them', async () => {
  let fails = true;
  const { starts, retries } = pollerOf(() => (fails ? Promise.reject(new Error('no')) : Promise.resolve()));
  await vi.advanceTimersByTimeAsync(80_000);
  expect(retries).toEqual([3000, 6000, 12_000, 30_000, 30_000]);
  fails = false;
  await vi.advanceTimersByTimeAsync(4000);
  expect(starts.slice(-2)).toEqual([81_000, 84_000]);
});

test('an aborted poll that ends late reports no failure and schedules no poll of its own', async () => {
  const ends: (() => void)[] = [];
  let hangs = true;
  const { poller, starts, retries } = pollerOf(() => (hangs ? new Promise<void>((_, reject) => ends.push(() => reject(new Error('given up')))) : Promise.resolve()));
  for (let turn = 0; turn < 2; turn += 1) {
    await vi.advanceTimersByTimeAsync(100);
    poller.stop();
    hangs = turn === 0;
    poller.start();
  }
  for (const end of ends) end();
  await vi.advanceTimersByTimeAsync(11_000);
  expect(starts).toEqual([0, 100, 200, 3200, 6200, 9200]);
  expect(retries).toEqual([]);
});

test('an aborted poll does not abort the next one', async () => {
  const signals: AbortSignal[] = [];
  const { poller, starts } = pollerOf((signal) => {
    signals.push(signal);
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  });
  poller.stop();
  poller.start();
  await vi.advanceTimersByTimeAsync(100);
  poller.pollNow();
  expect(starts).toHaveLength(2);
  poller.stop();
  expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
});
