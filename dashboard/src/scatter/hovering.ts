// The dot under the pointer, and the others at the same place.

import { rangeOf } from '../explore/range';
import { scopeOf } from '../explore/scopeOf';
import { live, table } from '../live/live';
import { nowOffset } from '../traces/clock';
import { isIn } from '../traces/scope';
import { urlState } from '../url/location';
import type { ScatterController } from './controller';
import type { Hover } from './HoverCard';
import { radiusOf } from './masks';
import { xPixel, yPixel, type View } from './view';

/** Limit: the card says that there are more; nobody walks through all of a crowd. */
const SAME_PLACE_MAX = 99;

export function hoverAt(chart: ScatterController, px: number, py: number): Hover | null {
  const slot = chart.slotAt(px, py);
  if (slot < 0 || table.alive[slot] === 0) return null;
  return hoverWith(slot, chart.view());
}

/** A dot with those that it touches at its centre. */
export function hoverWith(slot: number, view: View): Hover {
  const others = samePlace(slot, view);
  return { ...hoverOf(slot, view), others, rank: 0 };
}

export function hoverOf(slot: number, view?: View) {
  const radius = radiusOf(table.spans[slot]);
  if (view === undefined) return { slot, radius, x: 0, y: 0 };
  return { slot, radius, x: xPixel(view, table.start[slot]), y: yPixel(view, table.duration[slot]) };
}

function samePlace(slot: number, view: View): number[] {
  const url = urlState();
  const scope = scopeOf(url, rangeOf(url, live.get().server?.windowNs ?? null, nowOffset()));
  const centre = hoverOf(slot, view);
  const reach = (centre.radius / view.width) * (view.x1 - view.x0);
  const others = [slot];
  for (let other = 0; other < table.used && others.length < SAME_PLACE_MAX; other += 1) {
    if (other === slot || Math.abs(table.start[other] - table.start[slot]) > reach || !isIn(table, other, scope)) continue;
    if (Math.abs(yPixel(view, table.duration[other]) - centre.y) <= centre.radius) others.push(other);
  }
  return others;
}
