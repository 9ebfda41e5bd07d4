import { expect, test, vi } from 'vitest';

import { readSpans, SpanMemory } from './spanMemory';
import { spanOf } from './testing';

const ids = (count: number) => Array.from({ length: count }, (_, at) => spanOf(String(at)).span_id);

test('spans are read in batches, and what an answer leaves out is asked for again', async () => {
  // This server answers with two at a time, each once, whatever it is asked.
  const ask = vi.fn(async (wanted: string[]) => wanted.slice(0, 2).map((id) => spanOf(id)));
  const found = await readSpans([...ids(7), ...ids(3)], 5, ask);
  expect([...found.keys()].sort()).toEqual(ids(7));
});

test('spans that have left are not asked for for ever', async () => {
  const ask = vi.fn(async (wanted: string[]) => wanted.filter((id) => id.endsWith('1')).map((id) => spanOf(id)));
  const found = await readSpans(ids(4), 500, ask);
  expect([...found.keys()]).toEqual([spanOf('1').span_id]);
  expect(ask).toHaveBeenCalledTimes(2);
});

test('of very many spans those read last are kept', () => {
  const memory = new SpanMemory();
  for (let at = 0; at < 3000; at += 1) memory.keep([spanOf(String(at))]);
  expect(memory.get(spanOf('2999').span_id)).toBeDefined();
  expect(memory.get(spanOf('0').span_id)).toBeUndefined();
});
