import { describe, expect, test } from 'vitest';

import { findService } from '../../traces/services';
import { findCriticalPath } from '../model/criticalPath';
import { findRows } from '../model/find';
import { findGroups } from '../model/groups';
import { grown, names, shop, type TestSpan } from '../model/testing';
import { initiallyClosed } from './initiallyClosed';
import { closeFromLevel, codeOfGap, codeOfGroup, hiddenRows, openTo, shownIndexOf, showRows, withAncestors } from './shownRows';

describe('the shown rows', () => {
  const showing = { groups: null, unfolded: new Set<number>(), kept: null, hidden: null };
  const twelve: TestSpan[] = [
    { id: 'r', start: 0, end: 100 },
    ...Array.from({ length: 12 }, (_, at) => ({ id: `q${at + 10}`, parent: 'r', start: at, end: at + 2, name: 'SELECT' })),
    { id: 'x', parent: 'q15', start: 5, end: 6 },
  ];

  test('leave out what is below closed rows', () => {
    const { columns, forest } = grown(shop);
    const shown = showRows(forest, { ...showing, closed: closeFromLevel(forest, 2) });
    expect(names(columns, forest, shown.code)).toEqual(['r', 'a', 'b']);
    expect(showRows(forest, { ...showing, closed: openTo(forest, closeFromLevel(forest, 1), 3) }).count).toBe(4);
  });

  test('fold long runs of siblings, and unfold them one level deeper', () => {
    const { columns, forest } = grown(twelve);
    const groups = findGroups(columns, forest);
    expect(groups).toMatchObject({ count: 1, size: [12], total: [24], longest: [2] });
    const closed = new Uint8Array(forest.count);
    const folded = showRows(forest, { ...showing, closed, groups });
    expect([...folded.code]).toEqual([0, codeOfGroup(0)]);
    const open = showRows(forest, { ...showing, closed, groups, unfolded: new Set([0]) });
    expect(open.count).toBe(15);
    expect(Array.from(open.depth.slice(0, 3))).toEqual([0, 1, 2]);
  });

  test('do not fold over an error', () => {
    const { columns, forest } = grown(twelve.map((line) => (line.id === 'q15' ? { ...line, error: true } : line)));
    expect(findGroups(columns, forest).count).toBe(0);
  });

  test('keep matches and their ancestors', () => {
    const { columns, forest } = grown(shop);
    const closed = new Uint8Array(forest.count);
    const kept = withAncestors(forest, findRows(columns, forest, 'C'));
    expect(names(columns, forest, showRows(forest, { ...showing, closed, kept }).code)).toEqual(['r', 'b', 'c']);
  });

  test('have one gap for adjacent hidden spans, which knows how many they are', () => {
    const { columns, forest } = grown([
      { id: 'r', start: 0, end: 100 },
      { id: 'a', parent: 'r', start: 10, end: 20, service: 'db' },
      { id: 'b', parent: 'r', start: 30, end: 90, service: 'db' },
      { id: 'c', parent: 'r', start: 50, end: 80 },
      { id: 'd', parent: 'r', start: 60, end: 80, service: 'mail' },
      { id: 'e', parent: 'd', start: 61, end: 70, service: 'db' },
    ]);
    const closed = new Uint8Array(forest.count);
    const without = (...services: string[]) => {
      const places = new Set(services.map(findService));
      const hidden = hiddenRows(forest, (row) => places.has(columns.service[forest.spanOf[row]]));
      return showRows(forest, { ...showing, closed, hidden });
    };
    expect(without('db')).toMatchObject({ count: 5, pruned: 3, code: Int32Array.of(0, codeOfGap(1), 3, 4, codeOfGap(5)) });
    expect(without('db').gaps.get(1)).toBe(3);
    // Ancestors of a shown span stay.
    expect([...without('shop', 'mail').code]).toEqual([0, 1, 2, codeOfGap(3), 4, 5]);
    expect([...without('shop', 'mail', 'db').code]).toEqual([codeOfGap(0)]);
  });

  test('find the nearest shown ancestor of a row that is not shown', () => {
    const { columns, forest } = grown(twelve);
    const groups = findGroups(columns, forest);
    const last = forest.rowOf[columns.ids.indexOf('x'.padStart(16, '0'))];
    const closed = new Uint8Array(forest.count);
    const place = (more: Partial<Parameters<typeof showRows>[1]>, wanted: number) => {
      const rows = showRows(forest, { ...showing, closed, groups, ...more });
      return rows.code[shownIndexOf(rows, forest, groups, wanted)];
    };
    expect(place({ unfolded: new Set([0]) }, last)).toBe(last);
    expect(place({ unfolded: new Set([0]), closed: closeFromLevel(forest, 2) }, last)).toBe(forest.parent[last]);
    expect(place({}, last)).toBe(codeOfGroup(0));
    expect(place({ closed: closeFromLevel(forest, 1) }, last)).toBe(0);
    expect(place({ kept: withAncestors(forest, [0]) }, codeOfGroup(0))).toBe(0);
  });

  test('of a large trace open the ancestors of errors and of the critical path', () => {
    const lines: TestSpan[] = [{ id: 'r', start: 0, end: 1e6 }];
    for (let at = 0; at < 200; at += 1) {
      lines.push({ id: `a${at}`, parent: 'r', start: at, end: at + 9 }, { id: `b${at}`, parent: `a${at}`, start: at, end: at + 8 });
      lines.push({ id: `c${at}`, parent: `b${at}`, start: at, end: at + 7 }, { id: `d${at}`, parent: `c${at}`, start: at, end: at + 6, error: at === 77 });
    }
    const { columns, forest } = grown(lines);
    const shown = showRows(forest, { ...showing, closed: initiallyClosed(columns, forest, findCriticalPath(columns, forest)) });
    expect(names(columns, forest, shown.code)).toContain('d77');
    expect(names(columns, forest, shown.code)).not.toContain('d80');
  });
});
