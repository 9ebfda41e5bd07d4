import { describe, expect, test } from 'vitest';

import { randomFrom } from '../../testing/random';
import { findCriticalPath } from './criticalPath';
import { findRows } from './find';
import { growForest, ROLE } from './forest';
import { withMissing } from './missing';
import { columnsFrom, grown, names, shop, type TestSpan } from './testing';
import { selfTimes, subtreeExtents } from './times';

describe('the forest', () => {
  test('is ordered depth first, siblings by start', () => {
    const { columns, forest } = grown(shop);
    expect(names(columns, forest)).toEqual(['r', 'a', 'b', 'c']);
    expect([...forest.depth]).toEqual([0, 1, 1, 2]);
    expect([...forest.end]).toEqual([4, 2, 4, 4]);
    expect([...forest.position]).toEqual([1, 1, 2, 1]);
  });

  test('keeps several roots and spans whose parent is missing', () => {
    const { forest } = grown([{ id: 'r', start: 0, end: 9 }, { id: 'x', parent: 'none', start: 1, end: 2 }, { id: 's', start: 2, end: 3 }]);
    expect([...forest.role]).toEqual([ROLE.root, ROLE.orphan, ROLE.root]);
    expect(forest.tops).toBe(3);
  });

  test('has a row for a missing parent, with its children below it', () => {
    const lines: TestSpan[] = [
      { id: 'r', start: 0, end: 9 }, { id: 'x', parent: 'gone', start: 3, end: 5 }, { id: 's', start: 4, end: 5 },
      { id: 'y', parent: 'gone', start: 6, end: 9 }, { id: 'z', parent: 'other', start: 7, end: 8 },
    ];
    const columns = withMissing(columnsFrom(lines), (span) => [null, 'f0', null, 'f0', null][span]);
    const forest = growForest(columns);
    expect(names(columns, forest)).toEqual(['r', 'missing span', 'x', 'y', 's', 'z']);
    expect([...forest.role]).toEqual([ROLE.root, ROLE.missing, 0, 0, ROLE.root, ROLE.orphan]);
    expect([columns.recorded, columns.count, columns.ids[5]]).toEqual([5, 6, 'f0']);
    expect([...selfTimes(columns, forest)]).toEqual([9, 0, 2, 3, 1, 1]);
    expect(subtreeExtents(columns, forest)).toMatchObject({ from: { 1: 3 }, to: { 1: 9 } });
    expect(findRows(columns, forest, 'shop')).not.toContain(1);
  });

  test('cuts a cycle at its lowest id, and keeps what hangs on it', () => {
    const { columns, forest } = grown([
      { id: 'c', parent: 'b', start: 0, end: 1 }, { id: 'b', parent: 'a', start: 1, end: 2 }, { id: 'a', parent: 'c', start: 2, end: 3 },
      { id: 'd', parent: 'b', start: 3, end: 4 }, { id: 'e', parent: 'e', start: 4, end: 5 },
    ]);
    expect(names(columns, forest)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([...forest.role]).toEqual([ROLE.cycle, 0, 0, 0, ROLE.cycle]);
  });

  test('has every span exactly once, for random parents', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = randomFrom(seed);
      const count = random.int(1, 60);
      const lines = Array.from({ length: count }, (_, at) => ({
        id: at.toString(16).padStart(4, '0'), start: random.int(0, 20), end: 30,
        parent: random.maybe(() => random.int(0, count + 2).toString(16).padStart(4, '0')),
      }));
      const { forest } = grown(lines);
      expect([...forest.spanOf].sort((a, b) => a - b)).toEqual([...Array(count).keys()]);
      for (let row = 0; row < count; row += 1) {
        const above = forest.parent[row];
        if (above >= 0) expect(above < row && forest.end[above] >= forest.end[row]).toBe(true);
        expect(forest.depth[row]).toBe(above < 0 ? 0 : forest.depth[above] + 1);
      }
    }
  });

  test('does not overflow on a chain of 100,000 spans', () => {
    const count = 100_000;
    const lines = Array.from({ length: count }, (_, at) => ({ id: String(at), parent: at === 0 ? null : String(at - 1), start: at, end: count + 1, name: 'n' }));
    const { columns, forest } = grown(lines);
    expect(forest.depth[count - 1]).toBe(count - 1);
    expect(findCriticalPath(columns, forest).size).toBe(count);
    expect(selfTimes(columns, forest)[0]).toBe(1);
  });
});
