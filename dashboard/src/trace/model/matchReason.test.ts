import { expect, test } from 'vitest';

import { whyLine, whyMatches } from './matchReason';
import { spanOf } from './testing';

test('what has a text in it is told, with a little around it', () => {
  const span = spanOf('1', { region: 'eu', note: `${'x'.repeat(40)} has a Needle in it` });
  const why = whyMatches(span, 'needle')!;
  expect(why.key).toBe('note');
  expect(whyLine(why, 'needle')).toBe('note = …xxxxx has a Needle in it');
  expect(whyMatches(span, 'REGION')).toEqual({ key: 'region', text: 'eu' });
  expect(whyMatches(span, 'absent')).toBeNull();
  expect(whyMatches({ ...span, events: [{ time_ns: '0', name: 'retry', attributes: [], dropped_attributes: 0 }] }, 'retry')).toEqual({ key: 'event', text: 'retry' });
});
