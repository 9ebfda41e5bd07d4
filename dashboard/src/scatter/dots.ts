// The worker's copy of the columns. Pure.

import type { DotsUpdate } from './messages';
import type { Dots } from './raster';

const INITIAL = 1024;

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

/** Returns the dots with the update in them: the same ones, or larger ones. */
export function applyUpdate(dots: Dots, update: DotsUpdate): Dots {
  const target = withRoom(dots, update.used);
  if (update.reset) target.alive.fill(0);
  target.used = update.used;
  const { slots, rows } = update;
  for (let at = 0; at < slots.length; at += 1) {
    const slot = slots[at];
    target.start[slot] = rows.start[at];
    target.duration[slot] = rows.duration[at];
    target.service[slot] = rows.service[at];
    target.spans[slot] = rows.spans[at];
    target.flags[slot] = rows.flags[at];
    target.alive[slot] = rows.alive[at];
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
