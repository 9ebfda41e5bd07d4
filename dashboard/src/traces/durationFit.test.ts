import { expect, test } from 'vitest';

import { randomFrom } from '../testing/random';
import { DurationTally } from './durationFit';

function fitOf(durations: number[]) {
  const tally = new DurationTally(Float64Array.from(durations));
  durations.forEach((_, slot) => tally.add(slot));
  return tally.fit();
}

const around = (ns: number, count: number) => {
  const random = randomFrom(3);
  return Array.from({ length: count }, () => random.int(ns, 100 * ns));
};

test('one odd trace among a thousand does not stretch the axis', () => {
  const usual = around(5e6, 1000);
  const { shortest, least, most } = fitOf([437, ...usual]);
  expect(shortest).toBe(437);
  expect(least).toBeGreaterThan(4e6);
  expect(least).toBeLessThan(1e7);
  expect(most).toBe(Math.max(...usual));
});

test('the axis spans all durations where they are few, where many are short, or where leaving some out would gain little', () => {
  expect(fitOf([437, ...around(5e6, 50)]).least).toBe(437);
  expect(fitOf([...around(400, 30), ...around(5e6, 1000)]).least).toBeGreaterThanOrEqual(400);
  const near = [1e6, ...around(5e6, 1000)];
  expect(fitOf(near).least).toBe(1e6);
});

test('durations that are all zero have no shortest', () => {
  expect(fitOf([0, 0])).toEqual({ shortest: Infinity, least: Infinity, most: 0 });
  expect(fitOf([])).toEqual({ shortest: Infinity, least: Infinity, most: -Infinity });
});
