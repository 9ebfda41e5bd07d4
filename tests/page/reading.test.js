import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parse } from '../../crates/server/assets/page/api.js';
import * as format from '../../crates/server/assets/page/format.js';
import { durationScale, nearest, timeTicks } from '../../crates/server/assets/page/scale.js';

test('times keep every nanosecond', () => {
  assert.equal(parse('{"start_time":1795430400123456789}').start_time, '1795430400123456789');
  assert.equal(parse('{"end_time" : -9223372036854775808}').end_time, '-9223372036854775808');
});

test('text that looks like a time stays text', () => {
  const { service, tags } = parse(String.raw`{"service":"\"start_time\":1","tags":{"start_time":"x","end_time":"\"end_time\":2"}}`);
  assert.equal(service, '"start_time":1');
  assert.deepEqual(tags, { start_time: 'x', end_time: '"end_time":2' });
});

test('durations have three digits that matter', () => {
  const pairs = [[0, '0 ns'], [999, '999 ns'], [1500, '1.5 µs'], [213_400_000, '213 ms'], [1.2e9, '1.2 s'], [9e10, '1.5 min']];
  for (const [nanos, text] of pairs) assert.equal(format.duration(nanos), text);
  assert.equal(format.durationMs(0), '< 1 ms');
});

test('a time in UTC keeps its nanoseconds, before 1970 as well', () => {
  assert.equal(format.utc(1795430400123456789n), '2026-11-23T10:40:00.123456789Z');
  assert.equal(format.utc(-1n), '1969-12-31T23:59:59.999999999Z');
  assert.equal(format.utc(9223372036854775807n), '2262-04-11T23:47:16.854775807Z');
});

test('ticks are round and few', () => {
  const { ticks, step } = timeTicks(1_000, 1_801_000, 7);
  assert.equal(step, 300_000);
  assert.deepEqual(ticks, [300_000, 600_000, 900_000, 1_200_000, 1_500_000, 1_800_000]);
});

test('the shortest stand lowest, below a millisecond in a row of their own', () => {
  const { y } = durationScale(5000, 0, 400);
  assert.ok(y(0) > y(1) && y(1) > y(10) && y(10) > y(5000) && y(5000) >= 0);
});

test('the nearest point within reach is found', () => {
  const points = [{ x: 0, y: 0 }, { x: 10, y: 0 }];
  assert.equal(nearest(points, 7, 1, 16), 1);
  assert.equal(nearest(points, 50, 50, 16), -1);
});
