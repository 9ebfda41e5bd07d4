import { expect, test } from 'vitest';

import { randomFrom } from '../testing/random';
import { FLAG_ROOTLESS } from '../traces/delta';
import { countIn, slotsIn, type Scope } from '../traces/scope';
import { registerService, serviceCount } from '../traces/services';
import { TraceTable } from '../traces/table';
import type { Sort, SortKey } from '../url/state';
import { summariseTraces } from './overviewSummary';

const everything: Scope = { from: -Infinity, to: Infinity, filter: 'all', hidden: new Set() };
const newest: Sort = { key: 'start', descending: true };

function someTraces(seed: number): TraceTable {
  const random = randomFrom(seed);
  const services = ['b', 'a', 'c'].map((name) => registerService(name));
  const table = new TraceTable();
  const rows = Array.from({ length: 500 }, (_, at) => ({
    id: at.toString(16).padStart(32, '0'), start: random.int(0, 1e6), duration: random.int(0, 50), service: random.pick(services),
    operation: random.pick(['x', 'y']), spans: random.int(1, 9), flags: random.pick([0, 1, 4, 5]),
  }));
  table.apply({ reset: false, entries: rows, count: 500, gone: rows.slice(0, 40).map((row) => row.id), evictBefore: -1, total: 500 });
  return table;
}

const asked = (more: Partial<Parameters<typeof summariseTraces>[1]>) => ({ scope: everything, selection: null, sort: newest, rowsMax: 1000, serviceCount: serviceCount(), shown: { chosen: null, least: 0 }, ...more });

test.each(['start', 'duration', 'spans', 'service', 'operation'] as SortKey[])('the first rows by %s are the first of a full sort', (key) => {
  const table = someTraces(11);
  for (const descending of [true, false]) {
    const all = summariseTraces(table, asked({ sort: { key, descending } })).top;
    const first = summariseTraces(table, asked({ sort: { key, descending }, rowsMax: 20 })).top;
    expect(first.count).toBe(460);
    expect(first.slots).toEqual(all.slots.slice(0, 20));
  }
});

test('one pass counts the same as a pass for each number', () => {
  const table = someTraces(12);
  const scope: Scope = { from: 2e5, to: 9e5, filter: 'all', hidden: new Set([registerService('a')]) };
  const selection: Scope = { ...scope, from: 3e5, minDuration: 10 };
  const found = summariseTraces(table, asked({ scope, selection }));
  expect(found.count).toBe(countIn(table, scope));
  expect(found.errors).toBe(countIn(table, { ...scope, filter: 'error' }));
  expect(found.top.rootless).toBe(found.top.slots.filter((slot) => table.flags[slot] & FLAG_ROOTLESS).length);
  expect([...found.top.slots].sort((a, b) => a - b)).toEqual(slotsIn(table, selection));
  for (const name of ['a', 'b', 'c']) {
    const place = registerService(name);
    const shown = slotsIn(table, { ...scope, hidden: new Set() }).filter((slot) => table.service[slot] === place);
    const rootless = shown.filter((slot) => table.flags[slot] & FLAG_ROOTLESS).length;
    expect([found.services[place], found.servicesRootless[place]]).toEqual([shown.length - rootless, rootless]);
  }
  expect(summariseTraces(table, asked({ scope: { ...scope, filter: 'error' } })).count).toBe(found.errors);
});

test('traces above and below the shown durations are counted', () => {
  const table = someTraces(13);
  const { count, beyond, longest, top } = summariseTraces(table, asked({ shown: { chosen: { min: 10, max: 30 }, least: 0 } }));
  const between = countIn(table, { ...everything, minDuration: 10, maxDuration: 30 });
  expect(beyond.above).toBe(countIn(table, { ...everything, minDuration: 31 }));
  expect(top.count).toBe(between);
  expect(longest).toBe(Math.max(...slotsIn(table, everything).map((slot) => table.duration[slot])));
  expect(count).toBe(between + beyond.above + beyond.below);
});

test('traces below the fitted axis are counted, and stay in the table', () => {
  const table = new TraceTable();
  const row = (at: number, duration: number) => ({ id: String(at).padStart(32, '0'), start: at, duration, service: registerService('a'), operation: 'x', spans: 1, flags: 0 });
  const rows = [row(0, 437), row(1, 0), ...Array.from({ length: 1000 }, (_, at) => row(at + 2, 5e6 + at * 1e5))];
  table.apply({ reset: false, entries: rows, count: rows.length, gone: [], evictBefore: -1, total: rows.length });
  const { beyond, top, fit } = summariseTraces(table, asked({ shown: { chosen: null, least: 1 } }));
  expect(beyond).toEqual({ above: 0, below: 1 });
  expect(top.count).toBe(1002);
  expect(fit.shortest).toBe(437);
  expect(summariseTraces(table, asked({ scope: { ...everything, from: 1 }, shown: { chosen: null, least: 1 } })).beyond.below).toBe(0);
  expect(summariseTraces(table, asked({ shown: { chosen: null, least: 0 } })).beyond.below).toBe(0);
});
