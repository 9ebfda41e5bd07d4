import { expect, test } from 'vitest';

import { changeOf } from './change';

test('a change is in whole percent; from nothing there is no percentage', () => {
  expect([changeOf(100, 112), changeOf(3, 2), changeOf(5, 5), changeOf(0, 5)]).toEqual([12, -33, 0, null]);
});
