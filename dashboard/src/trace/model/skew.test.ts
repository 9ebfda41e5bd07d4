import { describe, expect, test } from 'vitest';

import { randomFrom } from '../../testing/random';
import { endOf, operationOf } from './columns';
import { countSkewed, shiftedStarts } from './skew';
import { grown, type TestSpan } from './testing';
import { modelOf } from './traceModel';

describe('shifting spans of clocks that differ', () => {
  test('moves an early span to the start of its parent, with all spans below it', () => {
    const { columns, forest } = grown([
      { id: 'r', start: 100, end: 200 }, { id: 'a', parent: 'r', start: 80, end: 90 }, { id: 'b', parent: 'a', start: 85, end: 88 }, { id: 'c', parent: 'r', start: 150, end: 160 },
    ]);
    expect(countSkewed(columns, forest)).toBe(1);
    const start = shiftedStarts(columns, forest);
    const byName = Object.fromEntries(Array.from(start, (at, span) => [operationOf(columns, span), at]));
    expect(byName).toEqual({ r: 100, a: 100, b: 105, c: 150 });
  });

  test('leaves no span before its parent and keeps all rows, for random trees', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = randomFrom(seed);
      const lines: TestSpan[] = [{ id: '0', start: 0, end: 1000 }];
      for (let at = 1; at < 40; at += 1) {
        const start = random.int(-200, 1000);
        lines.push({ id: String(at), parent: String(random.int(0, at - 1)), start, end: start + random.int(0, 400) });
      }
      const { columns, forest } = grown(lines);
      const shifted = modelOf({ ...columns, start: shiftedStarts(columns, forest) });
      expect(countSkewed(shifted.columns, shifted.forest), `seed ${seed}`).toBe(0);
      expect(shifted.forest.spanOf).toEqual(forest.spanOf);
      for (let span = 0; span < columns.count; span += 1) expect(endOf(shifted.columns, span) - shifted.columns.start[span]).toBe(columns.duration[span]);
    }
  });
});
