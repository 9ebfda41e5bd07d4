import { expect, test } from 'vitest';

import { columnsFrom, type TestSpan } from '../model/testing';
import { modelOf } from '../model/traceModel';
import { remapClosed, remapCode, remapUnfolded } from './remapRows';
import { codeOfGroup } from './shownRows';

const runOf = (name: string, from: number): TestSpan[] => Array.from({ length: 12 }, (_, at) => ({ id: `${name}${at + 10}`, parent: 'd', start: from + at, end: from + at + 1, name }));
const before = modelOf(columnsFrom([{ id: 'd', start: 0, end: 100 }, ...runOf('b', 50)]));
const after = modelOf(columnsFrom([{ id: 'd', start: 0, end: 100 }, ...runOf('a', 10), ...runOf('b', 50)]));

test('closed, unfolded and focused rows follow their spans when new spans come before them', () => {
  expect(remapCode(after, before, 3)).toBe(15);
  expect(remapCode(after, before, codeOfGroup(0))).toBe(codeOfGroup(1));
  expect([...remapUnfolded(after, before, new Set([0]))]).toEqual([1]);
  const closed = new Uint8Array(before.forest.count);
  closed[1] = 1;
  expect(remapClosed(after, before, closed).indexOf(1)).toBe(13);
});
