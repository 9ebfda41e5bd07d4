import { expect, test } from 'vitest';

import { randomFrom } from '../testing/random';
import { countIn, slotsIn, type Scope } from '../traces/scope';
import { placeOf, serviceCount } from '../traces/services';
import { TraceTable } from '../traces/table';
import type { Sort, SortKey } from '../url/state';
import { survey } from './overviewSummary';

const everything: Scope = { from: -Infinity, to: Infinity, filter: 'all', hidden: new Set() };
const newest: Sort = { key: 'start', descending: true };

function someTraces(seed: number): TraceTable {
  const random = randomFrom(seed);
  const services = ['b', 'a', 'c'].map((name) => placeOf(name));
  const table = new TraceTable();
  const rows = Array.from({ length: 500 }, (_, at) => ({
    id: at.toString(16).padStart(32, '0'), start: random.int(0, 1e6), duration: random.int(0, 50), service: random.pick(services),
    operation: random.pick(['x', 'y']), spans: random.int(1, 9), flags: random.int(0, 1),
  }));
  table.apply({ reset: false, rows, count: 500, gone: rows.slice(0, 40).map((row) => row.id), evictBefore: -1, total: 500 });
  return table;
}

const asked = (more: Partial<Parameters<typeof survey>[1]>) => ({ scope: everything, selection: null, sort: newest, rowsMax: 1000, places: serviceCount(), shown: { chosen: null, least: 0 }, ...more });

test.each(['start', 'duration', 'spans', 'service', 'operation'] as SortKey[])('the first rows by %s are those of a full sort', (key) => {
  const table = someTraces(11);
  for (const descending of [true, false]) {
    const all = survey(table, asked({ sort: { key, descending } })).top;
    const first = survey(table, asked({ sort: { key, descending }, rowsMax: 20 })).top;
    expect(first.count).toBe(460);
    expect(first.slots).toEqual(all.slots.slice(0, 20));
  }
});

test('one pass counts what single passes count', () => {
  const table = someTraces(12);
  const scope: Scope = { from: 2e5, to: 9e5, filter: 'all', hidden: new Set([placeOf('a')]) };
  const selection: Scope = { ...scope, from: 3e5, minDuration: 10 };
  const found = survey(table, asked({ scope, selection }));
  expect(found.count).toBe(countIn(table, scope));
  expect(found.errors).toBe(countIn(table, { ...scope, filter: 'error' }));
  expect([...found.top.slots].sort((a, b) => a - b)).toEqual(slotsIn(table, selection));
  for (const name of ['a', 'b', 'c']) {
    const place = placeOf(name);
    const shown = slotsIn(table, { ...scope, hidden: new Set() }).filter((slot) => table.service[slot] === place);
    expect(found.services[place]).toBe(shown.length);
  }
  expect(survey(table, asked({ scope: { ...scope, filter: 'error' } })).count).toBe(found.errors);
});

test('what is beyond the shown durations is counted by side', () => {
  const table = someTraces(13);
  const { count, beyond, longest, top } = survey(table, asked({ shown: { chosen: { min: 10, max: 30 }, least: 0 } }));
  const between = countIn(table, { ...everything, minDuration: 10, maxDuration: 30 });
  expect(beyond.above).toBe(countIn(table, { ...everything, minDuration: 31 }));
  expect(top.count).toBe(between);
  expect(longest).toBe(Math.max(...slotsIn(table, everything).map((slot) => table.duration[slot])));
  expect(count).toBe(between + beyond.above + beyond.below);
});

test('what the fitted axis leaves below its edge is counted, and stays in the table', () => {
  const table = new TraceTable();
  const row = (at: number, duration: number) => ({ id: String(at).padStart(32, '0'), start: at, duration, service: placeOf('a'), operation: 'x', spans: 1, flags: 0 });
  const rows = [row(0, 437), row(1, 0), ...Array.from({ length: 1000 }, (_, at) => row(at + 2, 5e6 + at * 1e5))];
  table.apply({ reset: false, rows, count: rows.length, gone: [], evictBefore: -1, total: rows.length });
  const { beyond, top, fit } = survey(table, asked({ shown: { chosen: null, least: 1 } }));
  expect(beyond).toEqual({ above: 0, below: 1 });
  expect(top.count).toBe(1002);
  expect(fit.shortest).toBe(437);
  expect(survey(table, asked({ scope: { ...everything, from: 1 }, shown: { chosen: null, least: 1 } })).beyond.below).toBe(0);
  expect(survey(table, asked({ shown: { chosen: null, least: 0 } })).beyond.below).toBe(0);
});
