import { describe, expect, test } from 'vitest';

import { registerService } from '../../traces/services';
import { TraceTable } from '../../traces/table';
import { columnsFrom } from '../model/testing';
import { modelOf } from '../model/traceModel';
import { rankDuration } from './durationRank';

describe('the rank of a duration', () => {
  test('is among spans of equal name in the trace', () => {
    const calls = Array.from({ length: 11 }, (_, at) => ({ id: `q${at + 10}`, parent: 'r', start: at * 10, end: at * 10 + at + 1, name: 'SELECT' }));
    const model = modelOf(columnsFrom([{ id: 'r', start: 0, end: 200 }, ...calls]));
    expect(rankDuration(model, 11, new TraceTable())).toEqual({ slowerThan: 1, of: 10, where: 'trace' });
    expect(rankDuration(model, 1, new TraceTable())?.slowerThan).toBe(0);
  });

  test('is for a root among roots in the window, if there are enough', () => {
    const model = modelOf(columnsFrom([{ id: 'r', start: 0, end: 50, name: 'GET /', service: 'shop' }]));
    const table = new TraceTable();
    expect(rankDuration(model, 0, table)).toBeNull();
    const rows = Array.from({ length: 20 }, (_, at) => ({ id: String(at).padStart(32, '0'), start: at, duration: at * 5, service: registerService('shop'), operation: at === 19 ? 'else' : 'GET /', spans: 1, flags: 0 }));
    rows.push({ ...rows[0], id: 'f'.repeat(32), duration: 999, flags: 4 });
    table.apply({ reset: false, entries: rows, count: 21, gone: [], evictBefore: -1, total: 20 });
    expect(rankDuration(model, 0, table)).toEqual({ slowerThan: 10 / 19, of: 19, where: 'window' });
    const rootless = modelOf(columnsFrom([{ id: 'o', parent: 'gone', start: 0, end: 50, name: 'GET /', service: 'shop' }]));
    expect(rankDuration(rootless, 0, table)).toBeNull();
  });
});
