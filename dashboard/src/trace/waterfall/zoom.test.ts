import { expect, test } from 'vitest';

import { randomFrom } from '../../testing/random';
import { clamped, panned } from '../../ui/interval';
import { partOf } from './barParts';
import { zoomAround } from './zoom';

test('random zooms stay inside the trace', () => {
  const random = randomFrom(5);
  let zoom = { from: 0, to: 1e6 };
  for (let step = 0; step < 500; step += 1) {
    const at = zoom.from + random.next() * (zoom.to - zoom.from);
    zoom = zoomAround(zoom, at, 0.3 + random.next() * 1.4, 1e6) ?? { from: 0, to: 1e6 };
    expect(zoom.from >= 0 && zoom.to <= 1e6 + 1e-6 && zoom.to > zoom.from).toBe(true);
  }
});

test('an interval that covers the whole trace is no zoom', () => {
  expect(zoomAround({ from: 0, to: 100 }, 50, 4, 100)).toBeNull();
  expect(clamped({ from: -5, to: 105 }, 100)).toBeNull();
  expect(panned({ from: 80, to: 100 }, 50, 100)).toEqual({ from: 80, to: 100 });
});

test('a bar is cut to the shown part of time', () => {
  const view = { from: 100, to: 200 };
  expect(partOf(view, 150, 175)).toEqual({ left: 50, width: 25 });
  expect(partOf(view, 0, 99)).toBeNull();
  expect(partOf(view, 0, 1e9)).toEqual({ left: -1, width: 102 });
});
