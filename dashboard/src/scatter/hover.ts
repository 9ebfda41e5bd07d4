// Finds the dot under the pointer, and the others that it overlaps.

import { currentScope } from '../live/currentScope';
import type { LiveTraces } from '../live/liveTraces';
import { isIn } from '../traces/scope';
import type { TraceTable } from '../traces/table';
import type { ScatterController } from './controller';
import type { Hover } from './HoverCard';
import { radiusOf } from './masks';
import { xPixel, yPixel, type View } from './view';

/** Limit: nobody goes through more dots at one position. */
const SAME_PLACE_MAX = 99;

export function hoverAt(live: LiveTraces, chart: ScatterController, px: number, py: number): Hover | null {
  const slot = chart.slotAt(px, py);
  if (slot < 0 || live.table.alive[slot] === 0) return null;
  return hoverWith(live, slot, chart.view());
}

/** A dot with the others whose centres lie within its radius. */
export function hoverWith(live: LiveTraces, slot: number, view: View): Hover {
  const others = samePlace(live, slot, view);
  return { ...hoverOf(live.table, slot, view), others, rank: 0 };
}

export function hoverOf(table: TraceTable, slot: number, view?: View) {
  const radius = radiusOf(table.spans[slot]);
  const place = { slot, radius, start: table.start[slot], duration: table.duration[slot] };
  if (view === undefined) return { ...place, x: 0, y: 0 };
  return { ...place, x: xPixel(view, place.start), y: yPixel(view, place.duration) };
}

function samePlace(live: LiveTraces, slot: number, view: View): number[] {
  const { table } = live;
  const scope = currentScope(live);
  const centre = hoverOf(table, slot, view);
  const reach = (centre.radius / view.width) * (view.x1 - view.x0);
  const others = [slot];
  for (let other = 0; other < table.used && others.length < SAME_PLACE_MAX; other += 1) {
    if (other === slot || Math.abs(table.start[other] - table.start[slot]) > reach || !isIn(table, other, scope)) continue;
    if (Math.abs(yPixel(view, table.duration[other]) - centre.y) <= centre.radius) others.push(other);
  }
  return others;
}
