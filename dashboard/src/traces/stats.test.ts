import { expect, test } from 'vitest';

import { registerService } from './services';
import { countSeries } from './stats';
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
