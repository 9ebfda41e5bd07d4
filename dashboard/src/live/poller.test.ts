import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { POLL_MS, Poller } from './poller';

const page = Object.assign(new EventTarget(), { hidden: false });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', page);
  page.hidden = false;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function show(hidden: boolean) {
  page.hidden = hidden;
  page.dispatchEvent(new Event('visibilitychange'));
}

function pollerOf(run: (signal: AbortSignal) => Promise<void>) {
  const starts: number[] = [];
  const retries: number[] = [];
  const began = Date.now();
  const poller = new Poller({
    run: (signal) => {
      starts.push(Date.now() - began);
      return run(signal);
    },
    onFailure: (_, retryAt) => retries.push(retryAt - Date.now()),
  });
  poller.start();
  return { poller, starts, retries };
}

const takes = (ms: number) => () => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('polls begin three seconds after each other, however long they take', async () => {
  const { starts } = pollerOf(takes(1200));
  await vi.advanceTimersByTimeAsync(12_000);
  expect(starts).toEqual([0, 3000, 6000, 9000, 12_000]);
});

test('there are never two on their way', async () => {
  const { poller, starts } = pollerOf(takes(POLL_MS + 500));
  await vi.advanceTimersByTimeAsync(1000);
  poller.now();
  await vi.advanceTimersByTimeAsync(9000);
  // A timer of nothing takes a millisecond.
  expect(starts.map((at) => Math.round(at / 10) * 10)).toEqual([0, 3500, 7000]);
});

test('nobody is asked while nobody looks, and at once when somebody does', async () => {
  const { starts } = pollerOf(takes(10));
  await vi.advanceTimersByTimeAsync(100);
  show(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(starts).toEqual([0]);
  show(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(starts).toHaveLength(2);
});

test('after failures the pauses grow, and one success ends that', async () => {
  let fails = true;
  const { starts, retries } = pollerOf(() => (fails ? Promise.reject(new Error('no')) : Promise.resolve()));
  await vi.advanceTimersByTimeAsync(80_000);
  expect(retries).toEqual([3000, 6000, 12_000, 30_000, 30_000]);
  fails = false;
  await vi.advanceTimersByTimeAsync(4000);
  expect(starts.slice(-2)).toEqual([81_000, 84_000]);
});
