import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TraceSet, nextBefore } from '../../crates/server/assets/page/traces.js';

function page(...starts) {
  return starts.map((start) => ({ trace_id: `t${start}`, start_time: BigInt(start) }));
}

function starts(set) {
  return set.newestFirst.map(({ start_time: start }) => Number(start));
}

test('pages lie side by side, newest first', () => {
  const set = new TraceSet(10);
  set.apply(page(9, 8, 7), null, false);
  set.apply(page(7, 5, 3), 8n, true);
  assert.deepEqual(starts(set), [9, 8, 7, 5, 3]);
});

test('what a page should hold and does not is forgotten, and nothing outside its range', () => {
  const set = new TraceSet(10);
  set.apply(page(9, 8, 7, 6, 5, 4), null, true);
  set.apply(page(8, 6, 5), 9n, false);
  assert.deepEqual(starts(set), [9, 8, 6, 5, 4]);
});

test('an empty last page clears its range', () => {
  const set = new TraceSet(10);
  set.apply(page(9, 8, 2, 1), null, true);
  set.apply([], 3n, true);
  assert.deepEqual(starts(set), [9, 8]);
});

test('the newest stay when there are too many', () => {
  const set = new TraceSet(3);
  set.apply(page(9, 8, 7, 6, 5), null, true);
  assert.deepEqual(starts(set), [9, 8, 7]);
});

test('what leaves the window goes', () => {
  const set = new TraceSet(10);
  set.apply(page(9, 8, 7), null, true);
  set.expire(8n);
  assert.deepEqual(starts(set), [9, 8]);
});

test('the next page takes the last start again, and always goes down', () => {
  assert.equal(nextBefore(page(9, 8), null, 3), null);
  assert.equal(nextBefore(page(9, 8), null, 2), 9n);
  assert.equal(nextBefore(page(8, 8), 9n, 2), 8n);
});
