import { expect, test } from 'vitest';

import { nowOffset } from '../traces/clock';
import { registerService } from '../traces/services';
import { TraceTable } from '../traces/table';
import { Restart } from './restart';

const MINUTE_NS = 60e9;
const reach = { cap: 100, windowNs: 10 * MINUTE_NS };

function tableOf(agesInMinutes: number[]): TraceTable {
  const table = new TraceTable();
  const rows = agesInMinutes.map((age) => ({ id: String(age).padStart(32, '0'), start: nowOffset() - age * MINUTE_NS, duration: 1, service: registerService('shop'), operation: 'x', spans: 1, flags: 0 }));
  table.apply({ reset: true, entries: rows, count: rows.length, gone: [], evictBefore: -Infinity, total: rows.length });
  return table;
}

test('where all traces are there again, the notice is good', () => {
  expect(new Restart(tableOf([1, 2, 3])).judge(tableOf([0, 1, 2, 3]), reach).isGood).toBe(true);
});

test('missing traces are counted', () => {
  expect(new Restart(tableOf([1, 2, 3])).judge(tableOf([2]), reach)).toEqual({ text: 'The server was restarted: 2 traces that it had before are gone.', isGood: false });
  expect(new Restart(tableOf([1])).judge(tableOf([]), reach).text).toContain('1 trace that it had before is gone');
});

test('traces that would have left the window, or exceed the cap, are not missing', () => {
  expect(new Restart(tableOf([1, 11])).judge(tableOf([1]), reach).isGood).toBe(true);
  expect(new Restart(tableOf([1, 2, 3])).judge(tableOf([1, 2]), { ...reach, cap: 2 }).isGood).toBe(true);
});
