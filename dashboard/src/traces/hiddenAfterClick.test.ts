import { expect, test } from 'vitest';

import { hiddenAfterClick } from './hiddenAfterClick';

const names = ['cart', 'pay', 'mail'];

test('a click shows one service alone, and a second click shows all again', () => {
  expect(hiddenAfterClick([], names, 'pay', false)).toEqual(['cart', 'mail']);
  expect(hiddenAfterClick(['cart', 'mail'], names, 'pay', false)).toEqual([]);
  expect(hiddenAfterClick(['cart', 'mail'], names, 'cart', false)).toEqual(['pay', 'mail']);
});

test('a click with Shift hides or shows one service and leaves the others', () => {
  expect(hiddenAfterClick(['cart'], names, 'pay', true)).toEqual(['cart', 'pay']);
  expect(hiddenAfterClick(['cart', 'pay'], names, 'cart', true)).toEqual(['pay']);
});
