import { describe, expect, test } from 'vitest';

import { linearTicks, logTicks, timeTicks } from './ticks';

describe('ticks', () => {
  test('of time are round and few', () => {
    const { ticks, step } = timeTicks(1000, 61_000, 8);
    expect(step).toBe(10_000);
    expect(ticks).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
    expect(timeTicks(0, 0.01, 10).step).toBeCloseTo(0.001, 9);
  });

  test('of durations are powers of ten, with 2 and 5 between them where there is room', () => {
    expect(logTicks(3, 9, 7).map((tick) => tick.value)).toEqual([1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]);
    expect(logTicks(6, 7, 8).map((tick) => tick.value)).toEqual([1e6, 2e6, 5e6, 1e7]);
    expect(logTicks(6, 6.3, 5).length).toBeGreaterThan(2);
    expect(linearTicks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
  });
});
