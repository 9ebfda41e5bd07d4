import { expect, test } from 'vitest';

import { Arrivals } from './arrivals';
import { ALIVE_AT, applyUpdate, emptyDots, packRows } from './dots';
import type { DotsUpdate } from './messages';

function update(slots: number[], more: Partial<DotsUpdate> = {}): DotsUpdate {
  const columns = emptyDots();
  columns.alive.fill(1);
  return { kind: 'update', reset: false, used: Math.max(0, ...slots) + 1, rows: packRows(columns, slots), ...more };
}

/** The dots that are being faded in after some updates, each at its time. */
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

test('new dots are faded in for a moment; the first ones, and those that only change, are not', () => {
  expect(after([[0, update([0, 1])]], 1)).toBeNull();
  expect(after([[0, update([0, 1])], [10, update([1, 2, 3])]], 11)).toEqual([2, 3]);
  expect(after([[0, update([0, 1])], [10, update([2])]], 310)).toBeNull();
  expect(after([[0, update([0, 1])], [10, update([2])], [20, update([0])]], 21)).toEqual([2]);
  expect(after([[0, update([0])], [10, update([1])], [20, update([0, 1, 2], { reset: true })]], 21)).toBeNull();
});

test('a slot that is used again counts as a new dot', () => {
  const gone = update([1]);
  gone.rows[ALIVE_AT] = 0;
  expect(after([[0, update([0, 1])], [5, { ...gone, used: 2 }], [10, update([1])]], 11)).toEqual([1]);
});

test('packed rows carry all columns of their slots, and enlarge the copy', () => {
  const columns = emptyDots(4);
  Object.assign(columns, { start: Float64Array.of(0, -5e11, 0, 7), duration: Float64Array.of(0, 3e9, 0, 1), service: Uint16Array.of(0, 2, 0, 1), spans: Uint32Array.of(0, 9, 0, 1), flags: Uint8Array.of(0, 1, 0, 0), alive: Uint8Array.of(0, 1, 0, 1) });
  const dots = applyUpdate(emptyDots(1), { kind: 'update', reset: false, used: 4, rows: packRows(columns, [1, 3]) });
  expect(dots).toEqual({ ...columns, used: 4 });
});
