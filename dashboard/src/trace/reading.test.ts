// What helps to read a trace: clocks put right, the slowest marked, letters that lead to names, how slow a span is.

import { describe, expect, test } from 'vitest';

import { randomFrom } from '../testing/random';
import { placeOf } from '../traces/services';
import { TraceTable } from '../traces/table';
import { endOf, operationOf } from './columns';
import { modelOf } from './model';
import { countSkewed, shiftedStarts } from './skew';
import { slowestRows } from './slowest';
import { standingOf } from './standing';
import { columnsFrom, type Line } from './testing';
import { findTyped, TypeAhead } from './typeAhead';
import { showRows } from './visible';

const grown = (lines: Line[]) => modelOf(columnsFrom(lines));
const showAll = (model: ReturnType<typeof grown>) =>
  showRows(model.forest, { closed: new Uint8Array(model.forest.count), groups: model.groups, unfolded: new Set(), kept: null, hidden: null });

describe('clocks that differ', () => {
  test('move a span that is too early to its parent, with all below it', () => {
    const { columns, forest } = grown([
      { id: 'r', start: 100, end: 200 }, { id: 'a', parent: 'r', start: 80, end: 90 }, { id: 'b', parent: 'a', start: 85, end: 88 }, { id: 'c', parent: 'r', start: 150, end: 160 },
    ]);
    expect(countSkewed(columns, forest)).toBe(1);
    const start = shiftedStarts(columns, forest);
    const byName = Object.fromEntries(Array.from(start, (at, span) => [operationOf(columns, span), at]));
    expect(byName).toEqual({ r: 100, a: 100, b: 105, c: 150 });
  });

  test('leave no span before its parent and every row where it was, whatever they are', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = randomFrom(seed);
      const lines: Line[] = [{ id: '0', start: 0, end: 1000 }];
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

test('the slowest are those of a full sort by their own time', () => {
  const random = randomFrom(5);
  const lines: Line[] = [{ id: 'r', start: 0, end: 1e6 }];
  for (let at = 0; at < 300; at += 1) lines.push({ id: `q${at}`, parent: 'r', start: at * 3000, end: at * 3000 + random.int(0, 2000) });
  const model = grown(lines);
  const all = Array.from(model.self.keys()).filter((row) => model.self[row] > 0).sort((a, b) => model.self[b] - model.self[a] || a - b);
  expect(slowestRows(model)).toEqual(all.slice(0, 20).sort((a, b) => a - b));
});

describe('letters', () => {
  const model = grown([
    { id: '1', start: 0, end: 100, name: 'checkout' }, { id: '2', parent: '1', start: 1, end: 9, name: 'charge' },
    { id: '3', parent: '1', start: 10, end: 20, name: 'Choose' }, { id: '4', parent: '1', start: 30, end: 40, name: 'send', service: 'mailer' },
  ]);

  test('lead to the next name that begins with them, and around', () => {
    const shown = showAll(model);
    expect(findTyped(model, shown, 0, 'c')).toBe(1);
    expect(findTyped(model, shown, 1, 'c')).toBe(2);
    expect(findTyped(model, shown, 2, 'c')).toBe(0);
    expect(findTyped(model, shown, 1, 'cho')).toBe(2);
    expect(findTyped(model, shown, 0, 'mail')).toBe(3);
    expect(findTyped(model, shown, 0, 'x')).toBe(-1);
  });

  test('belong together while they come soon, and only then a shortcut is a letter', () => {
    const typing = new TypeAhead();
    expect(typing.type('n', 0, false)).toBeNull();
    expect(typing.type('c', 0, true)).toBe('c');
    expect(typing.type('n', 500, false)).toBe('cn');
    expect(typing.type(' ', 600, true)).toBe('cn ');
    expect(typing.type('c', 2000, true)).toBe('c');
    expect(typing.type('Enter', 2001, true)).toBeNull();
    expect(typing.type(' ', 9000, true)).toBeNull();
  });
});

describe('how slow a span is', () => {
  test('is said beside spans of its name in the trace', () => {
    const calls = Array.from({ length: 11 }, (_, at) => ({ id: `q${at + 10}`, parent: 'r', start: at * 10, end: at * 10 + at + 1, name: 'SELECT' }));
    const model = grown([{ id: 'r', start: 0, end: 200 }, ...calls]);
    expect(standingOf(model, 11, new TraceTable())).toEqual({ slowerThan: 1, of: 10, where: 'trace' });
    expect(standingOf(model, 1, new TraceTable())?.slowerThan).toBe(0);
  });

  test('of a root is said beside other roots in the window, if they are many', () => {
    const model = grown([{ id: 'r', start: 0, end: 50, name: 'GET /', service: 'shop' }]);
    const table = new TraceTable();
    expect(standingOf(model, 0, table)).toBeNull();
    const rows = Array.from({ length: 20 }, (_, at) => ({ id: String(at).padStart(32, '0'), start: at, duration: at * 5, service: placeOf('shop'), operation: at === 19 ? 'else' : 'GET /', spans: 1, flags: 0 }));
    table.apply({ reset: false, rows, count: 20, gone: [], evictBefore: -1, total: 20 });
    expect(standingOf(model, 0, table)).toEqual({ slowerThan: 10 / 19, of: 19, where: 'window' });
  });
});
