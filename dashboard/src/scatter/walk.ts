// Finds the next dot when the keyboard goes from dot to dot. Pure.

import { FLAG_ERROR } from '../traces/delta';
import { isIn, type Scope } from '../traces/scope';
import type { TraceTable } from '../traces/table';
import { xPixel, yPixel, type View } from './view';

export type Direction = 'left' | 'right' | 'up' | 'down';

const AXES: Record<Direction, [number, number]> = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] };
/** Distance to the side counts this much more, so that the walk keeps its direction. */
const SIDE_WEIGHT = 3;

/** The slot of the nearest dot in a direction on the screen; -1 for none. */
export function step(table: TraceTable, scope: Scope, view: View, from: number, direction: Direction): number {
  const [ax, ay] = AXES[direction];
  const x = xPixel(view, table.start[from]);
  const y = yPixel(view, table.duration[from]);
  let [best, least] = [-1, Infinity];
  for (let slot = 0; slot < table.used; slot += 1) {
    if (slot === from || !isIn(table, slot, scope)) continue;
    const dx = xPixel(view, table.start[slot]) - x;
    const dy = yPixel(view, table.duration[slot]) - y;
    const along = dx * ax + dy * ay;
    // Dots at the same position are ordered by slot, so that each can be reached.
    const isAhead = along > 0 || (along === 0 && dx === 0 && dy === 0 && isForward(direction) === slot > from);
    if (!isAhead) continue;
    const across = Math.abs(dx * ay) + Math.abs(dy * ax);
    const cost = along + SIDE_WEIGHT * across;
    if (cost < least) [best, least] = [slot, cost];
  }
  return best;
}

const isForward = (direction: Direction): boolean => direction === 'right' || direction === 'down';

/** The slot of the next or previous trace with an error, by start; -1 for none. */
export function stepError(table: TraceTable, scope: Scope, from: number, way: 1 | -1): number {
  const start = from >= 0 ? table.start[from] : way === 1 ? -Infinity : Infinity;
  let [best, least] = [-1, Infinity];
  for (let slot = 0; slot < table.used; slot += 1) {
    if (slot === from || (table.flags[slot] & FLAG_ERROR) === 0 || !isIn(table, slot, scope)) continue;
    const ahead = (table.start[slot] - start) * way;
    if (ahead < 0 || (ahead === 0 && slot > from !== (way === 1))) continue;
    const distance = Number.isFinite(start) ? ahead : table.start[slot] * way;
    if (distance < least) [best, least] = [slot, distance];
  }
  return best;
}

/** The slot of the newest trace, where a walk begins; -1 for none. */
export function newest(table: TraceTable, scope: Scope): number {
  let best = -1;
  for (let slot = 0; slot < table.used; slot += 1) {
    if (isIn(table, slot, scope) && (best < 0 || table.start[slot] > table.start[best])) best = slot;
  }
  return best;
}
