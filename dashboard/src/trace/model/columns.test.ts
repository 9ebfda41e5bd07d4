import { describe, expect, test } from 'vitest';

import { columnsOfSpans, columnsOfTree, MISSING_PARENT, NO_PARENT } from './columns';
import { treeOf } from './testing';

describe('columns', () => {
  test('are made of whole spans too, exact to the nanosecond', () => {
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
    expect(columns.leftOut).toBe(0);
  });
});

test('short ids have no zeros in front, even where other ids of the trace are longer', () => {
  const tree = { ...treeOf([{ id: 'r', start: 0, end: 9 }]), id_digits: 32 as const, ids: '0'.repeat(16) + '00000000000000ab' };
  expect(columnsOfTree(tree).ids).toEqual(['00000000000000ab']);
});

test('know how many damaged segments the server could not read', () => {
  expect(columnsOfTree(treeOf([{ id: 'r', start: 0, end: 9 }])).leftOut).toBe(0);
  expect(columnsOfTree({ ...treeOf([{ id: 'r', start: 0, end: 9 }]), segments_left_out: 2 }).leftOut).toBe(2);
});
