import { expect, test } from 'vitest';

import { searchTags } from './contractSpans';

const span = {
  trace_id: '0190163d-8694-739b-aea5-966c26f8ad91', span_id: '0190163d-8694-739b-aea5-966c26f8ad92', service: 'cart', operation: 'add',
  start_time: '1795430400000000001', end_time: '1795430400000000009', status: 'error' as const, tags: { Region: 'EU-west' },
};

test('attributes are found by key and value, in any case', () => {
  expect(searchTags([span, { ...span, tags: null }], 'eu-W').matches).toEqual([0]);
  expect(searchTags([span], 'region').matches).toEqual([0]);
});
