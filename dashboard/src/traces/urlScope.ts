// The traces that the overview is about: what the address says, as a scope on the table.

import { offsetOfMs } from './clock';
import type { Scope } from './scope';
import { findPlace } from './services';
import type { UrlState } from '../url/state';
import type { Range } from './range';

/** Limit: the right edge of a chart that follows the clock is open, for clocks that run ahead. */
const AHEAD_NS = 5 * 60e9;

export function hiddenPlaces(hidden: readonly string[]): Set<number> {
  return new Set(hidden.map(findPlace).filter((place) => place !== undefined));
}

export function scopeOf(url: UrlState, range: Range): Scope {
  const to = url.range === null ? range.to + AHEAD_NS : range.to;
  return { from: range.from, to, filter: url.filter, hidden: hiddenPlaces(url.hidden) };
}

/** Inside the selected box, where there is one. */
export function selectionScope(scope: Scope, url: UrlState): Scope {
  if (url.selection === null) return scope;
  const { x0, x1, y0, y1 } = url.selection;
  return { ...scope, from: offsetOfMs(x0), to: offsetOfMs(x1), minDuration: y0, maxDuration: y1 };
}
