import assert from 'node:assert/strict';
import { test } from 'node:test';

import { extent, forest, visible } from '../../crates/server/assets/page/tree.js';

/** "a" is a root, "b<a" a child of a. */
function spans(...texts) {
  return spansOf(texts);
}

function spansOf(texts) {
  return texts.map((text, index) => {
    const [span_id, parent_span_id] = text.split('<');
    return { span_id, parent_span_id, start_time: BigInt(index), end_time: BigInt(index + 10) };
  });
}

function shape(rows) {
  return rows.map(({ span, depth, place }) => `${'.'.repeat(depth)}${span.span_id} ${place}`);
}

test('children stand under their parents, in the order of the spans', () => {
  const rows = forest(spans('a', 'c<a', 'b<a', 'd<c'));
  assert.deepEqual(shape(rows), ['a root', '.c child', '..d child', '.b child']);
  assert.deepEqual(rows.map(({ end }) => end), [4, 3, 3, 4]);
});

test('spans without their parent, and several roots, are tops', () => {
  assert.deepEqual(shape(forest(spans('a', 'b<gone', 'c', 'd<b'))), ['a root', 'b orphan', '.d child', 'c root']);
});

test('a circle is broken at its earliest span and loses none', () => {
  const rows = forest(spans('a<c', 'b<a', 'c<b', 'self<self', 'd<b'));
  assert.deepEqual(shape(rows), ['a cycle', '.b child', '..c child', '..d child', 'self cycle']);
});

test('equal span ids are all shown', () => {
  assert.equal(forest(spans('a', 'a', 'b<a')).length, 3);
});

test('a chain of 200,000 spans is linear and does not overflow the stack', () => {
  const rows = forest(spansOf(Array.from({ length: 200_000 }, (_, at) => (at === 0 ? '0' : `${at}<${at - 1}`))));
  assert.equal(rows.length, 200_000);
  assert.equal(rows[0].end, 200_000);
});

test('a closed row hides its descendants and nothing else', () => {
  const rows = forest(spans('a', 'b<a', 'c<b', 'd<a'));
  assert.deepEqual(visible(rows, new Set()), [0, 1, 2, 3]);
  assert.deepEqual(visible(rows, new Set([1])), [0, 1, 3]);
  assert.deepEqual(visible(rows, new Set([0])), [0]);
});

test('the extent reaches from the first start to the last end', () => {
  assert.deepEqual(extent(spans('a', 'b')), { from: 0n, until: 11n });
});
