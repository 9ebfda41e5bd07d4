import { expect, test } from 'vitest';

import { formatValue, indentedJson } from './values';

test('JSON in a value is indented and loses no digit', () => {
  expect(indentedJson('{"id":12345678901234567890,"list":[1, {"a":"b, c: {d}"}],"none":{ },"ok":true}')).toBe(
    ['{', '  "id": 12345678901234567890,', '  "list": [', '    1,', '    {', '      "a": "b, c: {d}"', '    }', '  ],', '  "none": {},', '  "ok": true', '}'].join('\n'),
  );
  expect(indentedJson('[ "\\"", 1 ]')).toBe('[\n  "\\"",\n  1\n]');
});

test.each(['plain', '{not json}', '42', '"text"', ''])('%s is not indented', (text) => {
  expect(indentedJson(text)).toBeNull();
});

test('values of every kind are readable', () => {
  const nested = { arrayValue: { values: [{ intValue: '7' }, { boolValue: false }, {}, { kvlistValue: { values: [{ key: 'k', value: { doubleValue: 0.5 } }] } }] } };
  expect(formatValue(nested)).toBe('[7, false, , {k: 0.5}]');
});
