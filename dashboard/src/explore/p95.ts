// The tile of the 95th percentile as a button: a line in the chart, then only what is above it, then all again. Pure.

import type { UrlState } from '../url/state';

/** So that the longest does not stand on the edge. */
const AIR = 1.1;

export function nextP95({ showsP95, yRange }: UrlState, p95: number, longest: number): Partial<UrlState> {
  if (!showsP95) return { showsP95: true };
  if (yRange === null && longest > p95) return { yRange: { min: p95, max: Math.round(longest * AIR) } };
  return { showsP95: false, yRange: null };
}

/** What the next press does. */
export function sayP95({ showsP95, yRange }: UrlState): string {
  if (!showsP95) return 'Draw the 95th percentile into the chart';
  return yRange === null ? 'Show only what takes at least as long' : 'Show all again';
}
