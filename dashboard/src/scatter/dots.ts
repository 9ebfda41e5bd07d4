// The worker's copy of the columns of the table, and the packed rows that carry changes to it. Pure.

import type { DotsUpdate } from './messages';
import type { Dots } from './raster';

const INITIAL = 1024;
/** The numbers of a packed row: slot, start, duration, service, spans, flags, alive. `alive` is 0 where the trace has left. */
export const ROW = 7;
export const SLOT_AT = 0;
export const ALIVE_AT = 6;

type Columns = Omit<Dots, 'used'>;

export function packRows(columns: Columns, slots: ArrayLike<number>): Float64Array {
  const rows = new Float64Array(slots.length * ROW);
  for (let row = 0, at = 0; row < slots.length; row += 1, at += ROW) {
    const slot = slots[row];
    rows[at] = slot;
    rows[at + 1] = columns.start[slot];
    rows[at + 2] = columns.duration[slot];
    rows[at + 3] = columns.service[slot];
    rows[at + 4] = columns.spans[slot];
    rows[at + 5] = columns.flags[slot];
    rows[at + 6] = columns.alive[slot];
  }
  return rows;
}

export function emptyDots(capacity = INITIAL): Dots {
  return {
    used: 0,
    start: new Float64Array(capacity),
    duration: new Float64Array(capacity),
    service: new Uint16Array(capacity),
    spans: new Uint32Array(capacity),
    flags: new Uint8Array(capacity),
    alive: new Uint8Array(capacity),
  };
}

/** Applies an update. Returns the dots, which are a larger copy where there was no room. */
export function applyUpdate(dots: Dots, { reset, used, rows }: DotsUpdate): Dots {
  const target = withRoom(dots, used);
  if (reset) target.alive.fill(0);
  target.used = used;
  for (let at = 0; at < rows.length; at += ROW) {
    const slot = rows[at];
    target.start[slot] = rows[at + 1];
    target.duration[slot] = rows[at + 2];
    target.service[slot] = rows[at + 3];
    target.spans[slot] = rows[at + 4];
    target.flags[slot] = rows[at + 5];
    target.alive[slot] = rows[at + 6];
  }
  return target;
}

function withRoom(dots: Dots, slots: number): Dots {
  if (slots <= dots.start.length) return dots;
  const larger = emptyDots(Math.max(slots, dots.start.length * 2));
  larger.start.set(dots.start);
  larger.duration.set(dots.duration);
  larger.service.set(dots.service);
  larger.spans.set(dots.spans);
  larger.flags.set(dots.flags);
  larger.alive.set(dots.alive);
  return larger;
}
