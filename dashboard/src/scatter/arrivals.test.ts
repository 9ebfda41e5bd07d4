import { expect, test } from 'vitest';

import { Arrivals } from './arrivals';
import { applyUpdate, emptyDots } from './dots';
import type { DotsUpdate } from './messages';

function update(slots: number[], more: Partial<DotsUpdate> = {}): DotsUpdate {
  const column = slots.length;
  const rows = {
    start: new Float64Array(column), duration: new Float64Array(column), service: new Uint16Array(column),
    spans: new Uint32Array(column), flags: new Uint8Array(column), alive: new Uint8Array(column).fill(1),
  };
  return { kind: 'update', reset: false, used: Math.max(0, ...slots) + 1, slots: Uint32Array.from(slots), rows, ...more };
}

/** What is faded in after some updates, each at its time. */
function after(steps: [number, DotsUpdate][], now: number): number[] | null {
  const arrivals = new Arrivals();
  let dots = emptyDots();
  for (const [at, step] of steps) {
    arrivals.note(dots, step, at);
    dots = applyUpdate(dots, step);
  }
  const cohort = arrivals.at(now);
  return cohort && [...cohort.slots];
}

test('dots that come are faded in for a moment; the first ones, and those that only change, are not', () => {
  expect(after([[0, update([0, 1])]], 1)).toBeNull();
  expect(after([[0, update([0, 1])], [10, update([1, 2, 3])]], 11)).toEqual([2, 3]);
  expect(after([[0, update([0, 1])], [10, update([2])]], 310)).toBeNull();
  expect(after([[0, update([0, 1])], [10, update([2])], [20, update([0])]], 21)).toEqual([2]);
  expect(after([[0, update([0])], [10, update([1])], [20, update([0, 1, 2], { reset: true })]], 21)).toBeNull();
});

test('a slot that is used again is a dot that comes', () => {
  const gone = update([1]);
  gone.rows.alive[0] = 0;
  expect(after([[0, update([0, 1])], [5, { ...gone, used: 2 }], [10, update([1])]], 11)).toEqual([1]);
});
