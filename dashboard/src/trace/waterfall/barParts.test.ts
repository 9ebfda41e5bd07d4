import { describe, expect, test } from 'vitest';

import { columnsFrom, type TestSpan } from '../model/testing';
import { modelOf } from '../model/traceModel';
import { groupParts, pathParts, selfParts } from './barParts';

const MS = 1e6;
const WIDTH_PX = 655;

/** A root of 4 s with 700 calls of 4 ms each, and 1.7 ms of self time after each call. */
const many: TestSpan[] = [
  { id: 'r', start: 0, end: 4000 * MS },
  ...Array.from({ length: 700 }, (_, at) => ({ id: `q${at}`, parent: 'r', start: at * 5.7 * MS, end: (at * 5.7 + 4) * MS, name: 'SELECT' })),
];

describe('the parts of a bar', () => {
  const model = modelOf(columnsFrom(many));
  const whole = { from: 0, to: 4000 * MS };

  test('show the self time of a span up to its end, however many children cut it', () => {
    const parts = selfParts(model, 0, whole, WIDTH_PX);
    const last = parts[parts.length - 1];
    expect(last.left + last.width).toBeCloseTo(100, 6);
    const shown = parts.reduce((sum, part) => sum + part.width * part.filled, 0);
    expect(shown).toBeCloseTo((100 * model.self[0]) / (4000 * MS), 3);
  });

  test('are at most as many as the column has pixels, and separate where there is room', () => {
    expect(selfParts(model, 0, whole, WIDTH_PX).length).toBeLessThanOrEqual(WIDTH_PX);
    expect(selfParts(model, 0, { from: 0, to: 200 * MS }, WIDTH_PX)).toHaveLength(35);
    expect(selfParts(model, 0, { from: 0, to: 200 * MS }, WIDTH_PX).every((part) => part.filled === 1)).toBe(true);
  });

  test('reach the last span of the critical path and of a group', () => {
    for (const parts of [pathParts(model.path.get(0)!, whole, WIDTH_PX), groupParts(model, 0, whole, WIDTH_PX)]) {
      const last = parts[parts.length - 1];
      expect(last.left + last.width).toBeGreaterThan(99);
    }
  });

  test('are one part without width for an instant', () => {
    const parts = pathParts([{ from: 7, to: 7 }], { from: 0, to: 10 }, WIDTH_PX);
    expect(parts).toEqual([{ left: 70, width: 0, filled: 1 }]);
  });
});
