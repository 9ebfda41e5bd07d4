import { expect, test } from 'vitest';

import { randomFrom } from '../../testing/random';
import { slowestRows } from './slowest';
import { columnsFrom, type TestSpan } from './testing';
import { modelOf } from './traceModel';

test('the slowest spans are the first of a full sort by self time', () => {
  const random = randomFrom(5);
  const lines: TestSpan[] = [{ id: 'r', start: 0, end: 1e6 }];
  for (let at = 0; at < 300; at += 1) lines.push({ id: `q${at}`, parent: 'r', start: at * 3000, end: at * 3000 + random.int(0, 2000) });
  const model = modelOf(columnsFrom(lines));
  const all = Array.from(model.self.keys()).filter((row) => model.self[row] > 0).sort((a, b) => model.self[b] - model.self[a] || a - b);
  expect(slowestRows(model)).toEqual(all.slice(0, 20).sort((a, b) => a - b));
});
