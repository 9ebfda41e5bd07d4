import { expect, test, vi } from 'vitest';

import { readSpans, SpanMemory } from './spanMemory';
import { spanOf } from './testing';

const ids = (count: number) => Array.from({ length: count }, (_, at) => spanOf(String(at)).span_id);

test('spans are read in parts, and those that an answer leaves out are asked for again', async () => {
  // This server answers with at most two spans.
  const ask = vi.fn(async (wanted: string[]) => wanted.slice(0, 2).map((id) => spanOf(id)));
  const found = await readSpans([...ids(7), ...ids(3)], 5, ask);
  expect([...found.keys()].sort()).toEqual(ids(7));
});

test('spans that have left the window are not asked for again and again', async () => {
  const ask = vi.fn(async (wanted: string[]) => wanted.filter((id) => id.endsWith('1')).map((id) => spanOf(id)));
  const found = await readSpans(ids(4), 500, ask);
  expect([...found.keys()]).toEqual([spanOf('1').span_id]);
  expect(ask).toHaveBeenCalledTimes(2);
});

test('beyond its limit the memory keeps the spans read last', () => {
  const memory = new SpanMemory();
  for (let at = 0; at < 3000; at += 1) memory.keep([spanOf(String(at))]);
  expect(memory.get(spanOf('2999').span_id)).toBeDefined();
  expect(memory.get(spanOf('0').span_id)).toBeUndefined();
});
