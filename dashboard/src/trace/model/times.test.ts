import { describe, expect, test } from 'vitest';

import { columnsFrom, grown, shop } from './testing';
import { drawnExtent, extentOf, selfTimes, skewOf, subtreeExtents } from './times';

describe('times', () => {
  test('leave a span the self time that its children do not cover', () => {
    const { columns, forest } = grown(shop);
    expect([...selfTimes(columns, forest)]).toEqual([20, 30, 30, 30]);
  });

  test('of a subtree may reach beyond its top span', () => {
    const { columns, forest } = grown([{ id: 'r', start: 10, end: 20 }, { id: 'a', parent: 'r', start: 5, end: 30 }]);
    const { from, to } = subtreeExtents(columns, forest);
    expect([from[0], to[0]]).toEqual([5, 30]);
    expect(extentOf(columns)).toEqual({ from: 5, to: 30 });
    expect(skewOf(columns, forest, 1)).toBe(5);
    expect(selfTimes(columns, forest)[0]).toBe(0);
  });

  test('of one instant have no length, but a width when they are drawn', () => {
    const extent = extentOf(columnsFrom([{ id: 'r', start: 7, end: 7 }]));
    expect(extent).toEqual({ from: 7, to: 7 });
    expect(drawnExtent(extent)).toEqual({ from: 6.5, to: 7.5 });
    expect(drawnExtent({ from: 7, to: 9 })).toEqual({ from: 7, to: 9 });
  });
});
