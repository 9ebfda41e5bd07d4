import { describe, expect, test } from 'vitest';

import { randomFrom } from '../testing/random';
import { findPlace } from '../traces/services';
import { columnsOfSpans, columnsOfTree, MISSING_PARENT, NO_PARENT, operationOf, type SpanColumns } from './columns';
import { findCriticalPath } from './criticalPath';
import { findRows } from './find';
import { growForest, PLACE, type Forest } from './forest';
import { findGroups } from './groups';
import { withMissing } from './missing';
import { initiallyClosed } from './opening';
import { columnsFrom, treeOf, type Line } from './testing';
import { drawnExtent, extentOf, selfTimes, skewOf, subtreeExtents } from './times';
import { closeFromLevel, codeOfGap, codeOfGroup, hiddenRows, openTo, placeOf, showRows, withAncestors } from './visible';

const names = (columns: SpanColumns, forest: Forest, rows: Iterable<number> = Array(forest.count).keys()) =>
  [...rows].map((row) => operationOf(columns, forest.spanOf[row]));

function grown(lines: Line[]) {
  const columns = columnsFrom(lines);
  return { columns, forest: growForest(columns) };
}

const shop: Line[] = [
  { id: 'r', start: 0, end: 100 },
  { id: 'a', parent: 'r', start: 10, end: 40 },
  { id: 'b', parent: 'r', start: 30, end: 90, error: true },
  { id: 'c', parent: 'b', start: 50, end: 80 },
];

describe('columns', () => {
  test('come from whole spans too, exact to the nanosecond', () => {
    const span = { trace_id: 't', service: 's', operation: 'o', status: 'ok' as const };
    const columns = columnsOfSpans('t', [
      { ...span, span_id: '00000000-0000-0000-0000-00000000000a', start_time: '1795430400000000001', end_time: '1795430400000000003' },
      { ...span, span_id: 'ffffffff-0000-0000-0000-00000000000b', parent_span_id: '00000000-0000-0000-0000-00000000000a', start_time: '1795430400000000002', end_time: '1795430400000000002' },
      { ...span, span_id: 'ffffffff-0000-0000-0000-00000000000c', parent_span_id: 'ffffffff-0000-0000-0000-0000000000ff', start_time: '1795430400000000009', end_time: '1795430400000000009' },
    ], 60e9);
    expect([...columns.start]).toEqual([0, 1, 8]);
    expect([...columns.duration]).toEqual([2, 0, 0]);
    expect([...columns.parent]).toEqual([NO_PARENT, 0, MISSING_PARENT]);
    expect(columns.ids[0]).toBe('000000000000000a');
    expect(columns.expiresNs).toBe(1795430460000000001n);
  });
});

test('ids are as single spans name them, also where others of the trace are longer', () => {
  const tree = { ...treeOf([{ id: 'r', start: 0, end: 9 }]), id_digits: 32 as const, ids: '0'.repeat(16) + '00000000000000ab' };
  expect(columnsOfTree(tree).ids).toEqual(['00000000000000ab']);
});

describe('the forest', () => {
  test('stands depth first, siblings by start', () => {
    const { columns, forest } = grown(shop);
    expect(names(columns, forest)).toEqual(['r', 'a', 'b', 'c']);
    expect([...forest.depth]).toEqual([0, 1, 1, 2]);
    expect([...forest.end]).toEqual([4, 2, 4, 4]);
    expect([...forest.position]).toEqual([1, 1, 2, 1]);
  });

  test('keeps several roots and spans whose parent is missing', () => {
    const { forest } = grown([{ id: 'r', start: 0, end: 9 }, { id: 'x', parent: 'none', start: 1, end: 2 }, { id: 's', start: 2, end: 3 }]);
    expect([...forest.place]).toEqual([PLACE.root, PLACE.orphan, PLACE.root]);
    expect(forest.tops).toBe(3);
  });

  test('brings the children of a missing parent together below it', () => {
    const lines: Line[] = [
      { id: 'r', start: 0, end: 9 }, { id: 'x', parent: 'gone', start: 3, end: 5 }, { id: 's', start: 4, end: 5 },
      { id: 'y', parent: 'gone', start: 6, end: 9 }, { id: 'z', parent: 'other', start: 7, end: 8 },
    ];
    const columns = withMissing(columnsFrom(lines), (span) => [null, 'f0', null, 'f0', null][span]);
    const forest = growForest(columns);
    expect(names(columns, forest)).toEqual(['r', 'missing span', 'x', 'y', 's', 'z']);
    expect([...forest.place]).toEqual([PLACE.root, PLACE.missing, 0, 0, PLACE.root, PLACE.orphan]);
    expect([columns.recorded, columns.count, columns.ids[5]]).toEqual([5, 6, 'f0']);
    expect([...selfTimes(columns, forest)]).toEqual([9, 0, 2, 3, 1, 1]);
    expect(subtreeExtents(columns, forest)).toMatchObject({ from: { 1: 3 }, to: { 1: 9 } });
    expect(findRows(columns, forest, 'shop')).not.toContain(1);
  });

  test('breaks a cycle at its lowest id, with what hangs on it', () => {
    const { columns, forest } = grown([
      { id: 'c', parent: 'b', start: 0, end: 1 }, { id: 'b', parent: 'a', start: 1, end: 2 }, { id: 'a', parent: 'c', start: 2, end: 3 },
      { id: 'd', parent: 'b', start: 3, end: 4 }, { id: 'e', parent: 'e', start: 4, end: 5 },
    ]);
    expect(names(columns, forest)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([...forest.place]).toEqual([PLACE.cycle, 0, 0, 0, PLACE.cycle]);
  });

  test('has every span exactly once, whatever the parents are', () => {
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

  test('of a chain of 100,000 spans does not overflow', () => {
    const count = 100_000;
    const lines = Array.from({ length: count }, (_, at) => ({ id: String(at), parent: at === 0 ? null : String(at - 1), start: at, end: count + 1, name: 'n' }));
    const { columns, forest } = grown(lines);
    expect(forest.depth[count - 1]).toBe(count - 1);
    expect(findCriticalPath(columns, forest).size).toBe(count);
    expect(selfTimes(columns, forest)[0]).toBe(1);
  });
});

describe('times', () => {
  test('of a span by itself are what its children leave', () => {
    const { columns, forest } = grown(shop);
    expect([...selfTimes(columns, forest)]).toEqual([20, 30, 30, 30]);
  });

  test('below a span may reach beyond it, and say so', () => {
    const { columns, forest } = grown([{ id: 'r', start: 10, end: 20 }, { id: 'a', parent: 'r', start: 5, end: 30 }]);
    const { from, to } = subtreeExtents(columns, forest);
    expect([from[0], to[0]]).toEqual([5, 30]);
    expect(extentOf(columns)).toEqual({ from: 5, to: 30 });
    expect(skewOf(columns, forest, 1)).toBe(5);
    expect(selfTimes(columns, forest)[0]).toBe(0);
  });

  test('of one instant have no length, and a width only where they are drawn', () => {
    const extent = extentOf(columnsFrom([{ id: 'r', start: 7, end: 7 }]));
    expect(extent).toEqual({ from: 7, to: 7 });
    expect(drawnExtent(extent)).toEqual({ from: 6.5, to: 7.5 });
    expect(drawnExtent({ from: 7, to: 9 })).toEqual({ from: 7, to: 9 });
  });
});

describe('the critical path', () => {
  test('goes backwards into the child that finished last', () => {
    const { columns, forest } = grown(shop);
    const path = findCriticalPath(columns, forest);
    expect(path.get(0)).toEqual([{ from: 0, to: 30 }, { from: 90, to: 100 }]);
    expect(path.get(2)).toEqual([{ from: 30, to: 50 }, { from: 80, to: 90 }]);
    expect(path.get(3)).toEqual([{ from: 50, to: 80 }]);
    expect(path.has(1)).toBe(false);
  });

  test('covers the root exactly once, whatever is below it', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = randomFrom(seed);
      const lines: Line[] = [{ id: '0', start: 0, end: 1000 }];
      for (let at = 1; at < 40; at += 1) {
        const start = random.int(-50, 1000);
        lines.push({ id: String(at), parent: String(random.int(0, at - 1)), start, end: start + random.int(0, 400) });
      }
      const { columns, forest } = grown(lines);
      const segments = [...findCriticalPath(columns, forest).values()].flat().sort((a, b) => a.from - b.from);
      expect(segments[0].from).toBe(0);
      expect(segments.at(-1)!.to).toBe(1000);
      segments.slice(1).forEach((segment, at) => expect(segment.from, `seed ${seed}`).toBe(segments[at].to));
    }
  });
});

describe('the shown rows', () => {
  const showing = { groups: null, unfolded: new Set<number>(), kept: null, hidden: null };
  const twelve: Line[] = [
    { id: 'r', start: 0, end: 100 },
    ...Array.from({ length: 12 }, (_, at) => ({ id: `q${at + 10}`, parent: 'r', start: at, end: at + 2, name: 'SELECT' })),
    { id: 'x', parent: 'q15', start: 5, end: 6 },
  ];

  test('leave out what is closed', () => {
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

  test('keep matches with what is above them, and count what is hidden', () => {
    const { columns, forest } = grown(shop);
    const closed = new Uint8Array(forest.count);
    const kept = withAncestors(forest, findRows(columns, forest, 'C'));
    expect(names(columns, forest, showRows(forest, { ...showing, closed, kept }).code)).toEqual(['r', 'b', 'c']);
  });

  test('say in their place how many are hidden, once for those that stand together', () => {
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
      const places = new Set(services.map(findPlace));
      const hidden = hiddenRows(forest, (row) => places.has(columns.service[forest.spanOf[row]]));
      return showRows(forest, { ...showing, closed, hidden });
    };
    expect(without('db')).toMatchObject({ count: 5, pruned: 3, code: Int32Array.of(0, codeOfGap(1), 3, 4, codeOfGap(5)) });
    expect(without('db').gaps.get(1)).toBe(3);
    // What leads to a span that is shown stays.
    expect([...without('shop', 'mail').code]).toEqual([0, 1, 2, codeOfGap(3), 4, 5]);
    expect([...without('shop', 'mail', 'db').code]).toEqual([codeOfGap(0)]);
  });

  test('give the place of a row that is not shown to the nearest above it', () => {
    const { columns, forest } = grown(twelve);
    const groups = findGroups(columns, forest);
    const last = forest.rowOf[columns.ids.indexOf('x'.padStart(16, '0'))];
    const closed = new Uint8Array(forest.count);
    const place = (more: Partial<Parameters<typeof showRows>[1]>, wanted: number) => {
      const rows = showRows(forest, { ...showing, closed, groups, ...more });
      return rows.code[placeOf(rows, forest, groups, wanted)];
    };
    expect(place({ unfolded: new Set([0]) }, last)).toBe(last);
    expect(place({ unfolded: new Set([0]), closed: closeFromLevel(forest, 2) }, last)).toBe(forest.parent[last]);
    expect(place({}, last)).toBe(codeOfGroup(0));
    expect(place({ closed: closeFromLevel(forest, 1) }, last)).toBe(0);
    expect(place({ kept: withAncestors(forest, [0]) }, codeOfGroup(0))).toBe(0);
  });

  test('open errors and the critical path of a large trace', () => {
    const lines: Line[] = [{ id: 'r', start: 0, end: 1e6 }];
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
