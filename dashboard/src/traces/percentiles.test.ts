import { expect, test } from 'vitest';

import { randomFrom } from '../testing/random';
import { percentilesOf } from './percentiles';

const PERCENTS = [50, 95, 99];

test('they are those of a sort, for few and many values, with and without equal ones', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = randomFrom(seed);
    const most = random.pick([1, 5, 1e9]);
    const values = Float64Array.from({ length: random.int(1, 400) }, () => random.int(0, most));
    const sorted = values.slice().sort();
    const expected = PERCENTS.map((percent) => sorted[Math.ceil((percent * sorted.length) / 100) - 1]);
    expect(percentilesOf(values, PERCENTS), `seed ${seed}`).toEqual(expected);
  }
});

test('values in order, and none at all', () => {
  expect(percentilesOf(Float64Array.from({ length: 100 }, (_, at) => at + 1), PERCENTS)).toEqual([50, 95, 99]);
  expect(percentilesOf(new Float64Array(0), PERCENTS)).toEqual([0, 0, 0]);
});
