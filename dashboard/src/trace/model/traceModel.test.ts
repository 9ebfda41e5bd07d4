import { expect, test } from 'vitest';

import { operationOf } from './columns';
import { columnsFrom, type TestSpan } from './testing';
import { modelOf } from './traceModel';

function titleOf(lines: TestSpan[]): string {
  const columns = columnsFrom(lines);
  return operationOf(columns, modelOf(columns).titleSpan);
}

test('a trace is named by its root, even where another span is earlier', () => {
  expect(titleOf([{ id: 'c', parent: 'r', start: 0, end: 5 }, { id: 'r', start: 3, end: 9 }])).toBe('r');
});

test('a trace without a root is named by its earliest span, as in the overview', () => {
  expect(titleOf([{ id: 'b', parent: 'a', start: 10, end: 20 }, { id: 'a', parent: 'b', start: 11, end: 12 }])).toBe('b');
  expect(titleOf([{ id: 'child', parent: 'orphan', start: 1, end: 2 }, { id: 'orphan', parent: 'gone', start: 5, end: 9 }])).toBe('child');
});
