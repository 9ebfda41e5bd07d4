// The scope that the address describes: the traces that the overview shows.

import type { UrlState } from '../url/state';
import { offsetOfMs } from './clock';
import type { Range } from './range';
import type { Scope } from './scope';
import { findService } from './services';

/** Limit: a chart that follows the clock also shows traces from clocks that run up to this far ahead. */
const AHEAD_NS = 5 * 60e9;

export function hiddenServices(hidden: readonly string[]): Set<number> {
  return new Set(hidden.map(findService).filter((service) => service !== undefined));
}

export function scopeOf(url: UrlState, range: Range): Scope {
  const to = url.range === null ? range.to + AHEAD_NS : range.to;
  return { from: range.from, to, filter: url.filter, hidden: hiddenServices(url.hidden) };
}

/** The scope narrowed to the selected box, if there is one. */
export function selectionScope(scope: Scope, url: UrlState): Scope {
  if (url.selection === null) return scope;
  const { x0, x1, y0, y1 } = url.selection;
  return { ...scope, from: offsetOfMs(x0), to: offsetOfMs(x1), minDuration: y0, maxDuration: y1 };
}
