import { expect, test } from 'vitest';

import { DEFAULTS } from '../url/state';
import { rangeBefore } from './range';

test('the range before is as long as the shown one, ends where that begins, and lies inside the window', () => {
  const now = 1000e9;
  expect(rangeBefore({ ...DEFAULTS, last: 60_000 }, 600e9, now)).toEqual({ from: now - 120e9, to: now - 60e9 });
  expect(rangeBefore({ ...DEFAULTS, last: 400_000 }, 600e9, now)).toBeNull();
  expect(rangeBefore(DEFAULTS, 600e9, now)).toBeNull();
  expect(rangeBefore({ ...DEFAULTS, last: 60_000 }, null, now)).toBeNull();
});
