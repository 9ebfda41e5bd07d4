import { expect, test } from 'vitest';

import { DEFAULTS } from '../url/state';
import { changeOf } from './change';
import { rangeBefore } from './range';

test('the range before is as long and right before, inside the window', () => {
  const now = 1000e9;
  expect(rangeBefore({ ...DEFAULTS, last: 60_000 }, 600e9, now)).toEqual({ from: now - 120e9, to: now - 60e9 });
  expect(rangeBefore({ ...DEFAULTS, last: 400_000 }, 600e9, now)).toBeNull();
  expect(rangeBefore(DEFAULTS, 600e9, now)).toBeNull();
  expect(rangeBefore({ ...DEFAULTS, last: 60_000 }, null, now)).toBeNull();
});

test('a change is in whole percent, and of nothing there is none', () => {
  expect([changeOf(100, 112), changeOf(3, 2), changeOf(5, 5), changeOf(0, 5)]).toEqual([12, -33, 0, null]);
});
