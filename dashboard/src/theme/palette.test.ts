import { describe, expect, test } from 'vitest';

import { contrast, distance, parseHex, simulate, type Rgb } from './colour';
import { ERROR_COLOURS, GROUNDS, SERVICE_COLOURS, type ThemeName } from './palette';

/** WCAG 1.4.11, for marks that carry meaning. */
const MARK_CONTRAST_MIN = 3;
/** Five times what is just visible. It holds for the first five services, which most systems have. */
const FIRST_DISTANCE_MIN = 0.1;
const FIRST = 5;

const themes: ThemeName[] = ['light', 'dark'];
const eyes: [string, (colour: Rgb) => Rgb][] = [
  ['all cones', (colour) => colour],
  ['protanopia', (colour) => simulate(colour, 'protanopia')],
  ['deuteranopia', (colour) => simulate(colour, 'deuteranopia')],
];

describe.each(themes)('in the %s theme', (theme) => {
  const services = SERVICE_COLOURS[theme].map(parseHex);
  const error = parseHex(ERROR_COLOURS[theme].fill);
  const grounds = [GROUNDS[theme].ground, GROUNDS[theme].raised].map(parseHex);

  test.each(eyes)('every mark has enough contrast to both backgrounds, seen with %s', (_, see) => {
    for (const colour of [...services, error]) {
      for (const ground of grounds) {
        expect(contrast(see(colour), see(ground)), JSON.stringify(colour)).toBeGreaterThanOrEqual(MARK_CONTRAST_MIN);
      }
    }
  });

  test('no two services share a colour, and none looks like an error', () => {
    services.forEach((colour, at) => {
      expect(distance(colour, error)).toBeGreaterThan(0.09);
      for (const other of services.slice(0, at)) expect(distance(colour, other)).toBeGreaterThan(0.03);
    });
  });

  test('the first services differ clearly', () => {
    const first = services.slice(0, FIRST);
    first.forEach((colour, at) => {
      for (const other of first.slice(0, at)) expect(distance(colour, other)).toBeGreaterThan(FIRST_DISTANCE_MIN);
    });
  });
});

test('contrast is WCAG’s', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
  expect(contrast(parseHex('#767676'), [255, 255, 255])).toBeCloseTo(4.54, 2);
});
