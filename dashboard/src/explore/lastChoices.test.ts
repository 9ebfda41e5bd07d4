import { expect, test } from 'vitest';

import { lastWithAll } from './lastChoices';

const MINUTE_NS = 60e9;

test('the last minutes that hold all traces are offered where they are a small part of the window', () => {
  expect(lastWithAll(-20e9, 0, 30 * MINUTE_NS)).toBe(60_000);
  expect(lastWithAll(-90e9, 0, 30 * MINUTE_NS)).toBe(120_000);
  expect(lastWithAll(-9 * MINUTE_NS, 0, 30 * MINUTE_NS)).toBeNull();
  expect(lastWithAll(-20e9, 0, MINUTE_NS)).toBeNull();
  expect(lastWithAll(Infinity, 0, 30 * MINUTE_NS)).toBe(60_000);
});
