import { expect, test } from 'vitest';

import { columnsPath } from './stripPath';

test('a strip has a visible column for each part that is not empty', () => {
  expect(columnsPath([0, 50, 1000], 1000)).toBe('M1 1v-0.050h0.8V1zM2 1v-1.000h0.8V1z');
  expect(columnsPath([1], 1000)).toBe('M0 1v-0.040h0.8V1z');
});
