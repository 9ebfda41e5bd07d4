import { expect, test } from 'vitest';

import { isInfo, isTraceList } from './shapes';

const info = { now_ns: '1', window_ns: 1, effective_window_ns: 1, features: [], services: [] };

test('an answer with the needed fields passes, whatever other fields it has', () => {
  expect(isInfo({ ...info, later: 1 })).toBe(true);
  expect(isTraceList({ traces: [], total: 0, later: 1 })).toBe(true);
});

test.each([{}, [], null, 'text', 7, { ...info, now_ns: 1 }, { ...info, now_ns: 'soon' }, { ...info, services: undefined }, { traces: {} }])('%o does not pass', (answer) => {
  expect(isInfo(answer)).toBe(false);
  expect(isTraceList(answer)).toBe(false);
});
