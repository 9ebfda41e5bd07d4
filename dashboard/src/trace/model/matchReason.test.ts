import { expect, test } from 'vitest';

import { matchReasonLine, findMatchReason } from './matchReason';
import { spanOf } from './testing';

test('the attribute that has the text is named, with a little text around the match', () => {
  const span = spanOf('1', { region: 'eu', note: `${'x'.repeat(40)} has a Needle in it` });
  const why = findMatchReason(span, 'needle')!;
  expect(why.key).toBe('note');
  expect(matchReasonLine(why, 'needle')).toBe('note = …xxxxx has a Needle in it');
  expect(findMatchReason(span, 'REGION')).toEqual({ key: 'region', text: 'eu' });
  expect(findMatchReason(span, 'absent')).toBeNull();
  expect(findMatchReason({ ...span, events: [{ time_ns: '0', name: 'retry', attributes: [], dropped_attributes: 0 }] }, 'retry')).toEqual({ key: 'event', text: 'retry' });
});
