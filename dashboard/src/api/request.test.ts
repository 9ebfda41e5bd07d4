import { expect, test } from 'vitest';

import { normaliseBase } from './address';
import { quoteTimes } from './request';

test('times become text before they lose digits, and other numbers stay numbers', () => {
  const json = '{"start_time":1795430400000000001,"end_time" : -5,"tags":{"a":"\\"start_time\\":12","n":"7"},"span_count":3}';
  expect(JSON.parse(quoteTimes(json))).toEqual({
    start_time: '1795430400000000001', end_time: '-5', tags: { a: '"start_time":12', n: '7' }, span_count: 3,
  });
});

test.each([
  ['localhost:8080', 'http://localhost:8080'],
  [' http://a.example/ ', 'http://a.example'],
  ['https://a.example/traces-here//', 'https://a.example/traces-here'],
  ['10.0.0.7', 'http://10.0.0.7'],
  ['[::1]:8080', 'http://[::1]:8080'],
])('the address %s means %s', (typed, base) => {
  expect(normaliseBase(typed)).toBe(base);
});

test.each(['', 'ftp://x', 'http://', 'a b:c', 'exa mple', 'http://a.example/two words'])('the address “%s” is refused with a reason', (typed) => {
  expect(() => normaliseBase(typed)).toThrow(/address|http/);
});
