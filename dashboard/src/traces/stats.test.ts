import { expect, test } from 'vitest';

import { registerService } from './services';
import { countNumbers, countSeries } from './stats';
import { TraceTable } from './table';

test('traces are counted in equal parts of the window, and those ahead of the clock in the newest part', () => {
  const table = new TraceTable();
  const service = registerService('shop');
  const rows = [0, 9, 10, 25, 40, 44].map((start, at) => ({ id: String(at).padStart(32, '0'), start, duration: 1, service, operation: 'o', spans: 1, flags: at % 2 }));
  table.apply({ reset: false, entries: rows, count: rows.length, gone: [], evictBefore: -1, total: rows.length });
  const series = countSeries(table, { from: 0, to: 100, filter: 'all', hidden: new Set() }, { from: 0, to: 40 }, 4);
  expect(Array.from(series.traces)).toEqual([2, 1, 1, 2]);
  expect(Array.from(series.errors)).toEqual([1, 0, 1, 1]);
});

test('traces without a root are in no number', () => {
  const table = new TraceTable();
  const service = registerService('shop');
  const rows = [0, 1, 4, 5].map((flags, at) => ({ id: String(at).padStart(32, '0'), start: at, duration: 10 ** at, service, operation: 'o', spans: 1, flags }));
  table.apply({ reset: false, entries: rows, count: rows.length, gone: [], evictBefore: -1, total: rows.length });
  const scope = { from: 0, to: 100, filter: 'all' as const, hidden: new Set<number>() };
  expect(countNumbers(table, scope)).toMatchObject({ all: 2, ok: 1, error: 1, traces: 2, errors: 1, spans: 2, avg: 5, p99: 10 });
  expect(Array.from(countSeries(table, scope, { from: 0, to: 40 }, 1).traces)).toEqual([2]);
  // The root of one arrives.
  table.apply({ reset: false, entries: [{ ...rows[2], duration: 100, flags: 0 }], count: 1, gone: [], evictBefore: -1, total: rows.length });
  expect(countNumbers(table, scope)).toMatchObject({ all: 3, p99: 100 });
  expect(table.count).toBe(4);
});
