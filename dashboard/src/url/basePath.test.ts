import { expect, test } from 'vitest';

import { basePathOf, withoutBase } from './basePath';

test('a script says below which prefix the server is', () => {
  expect(basePathOf('https://x.example/assets/index-1.js')).toBe('');
  expect(basePathOf('https://x.example/tools/traced/assets/index-1.js?v=1')).toBe('/tools/traced');
  expect(basePathOf('https://x.example/assets/traced/assets/index-1.js')).toBe('/assets/traced');
});

test('the prefix is no part of what the address says', () => {
  expect(withoutBase('/trace/1', '')).toBe('/trace/1');
  expect(withoutBase('/traced/trace/1', '/traced')).toBe('/trace/1');
  expect(withoutBase('/traced', '/traced')).toBe('/');
  expect(withoutBase('/traced2/', '/traced')).toBe('/traced2/');
});
