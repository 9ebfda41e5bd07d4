import { expect, test } from 'vitest';

import { randomFrom } from '../testing/random';
import { placeOf } from '../traces/services';
import { TraceTable } from '../traces/table';
import type { SortKey } from '../url/state';
import { topRows } from './topRows';

const scope = { from: -Infinity, to: Infinity, filter: 'all' as const, hidden: new Set<number>() };

test.each(['start', 'duration', 'spans', 'service', 'operation'] as SortKey[])('the first rows by %s are those of a full sort', (key) => {
  const random = randomFrom(11);
  const services = ['b', 'a', 'c'].map((name) => placeOf(name));
  const table = new TraceTable();
  const rows = Array.from({ length: 500 }, (_, at) => ({
    id: at.toString(16).padStart(32, '0'), start: random.int(0, 1e6), duration: random.int(0, 50), service: random.pick(services),
    operation: random.pick(['x', 'y']), spans: random.int(1, 9), flags: 0,
  }));
  table.apply({ reset: false, rows, count: 500, gone: [], evictBefore: -1, total: 500 });
  for (const descending of [true, false]) {
    const all = topRows(table, scope, { key, descending }, 500);
    const top = topRows(table, scope, { key, descending }, 20);
    expect(top.count).toBe(500);
    expect(top.slots).toEqual(all.slots.slice(0, 20));
  }
});
