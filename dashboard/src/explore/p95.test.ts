import { expect, test } from 'vitest';

import { DEFAULTS, type UrlState } from '../url/state';
import { nextP95 } from './p95';

test('pressing p95 draws a line, then shows only traces above it, then shows all again', () => {
  let url: UrlState = DEFAULTS;
  const press = (longest: number) => (url = { ...url, ...nextP95(url, 300, longest) });
  expect(press(900)).toMatchObject({ showsP95: true, yRange: null });
  expect(press(900)).toMatchObject({ showsP95: true, yRange: { min: 300, max: 990 } });
  expect(press(900)).toEqual(DEFAULTS);
  press(300);
  // No trace takes longer, so the second step is skipped.
  expect(press(300)).toEqual(DEFAULTS);
});
