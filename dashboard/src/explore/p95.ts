// The steps of the p95 tile: draw a line in the chart, then show only traces above it, then show all again. Pure.

import type { UrlState } from '../url/state';

/** The axis goes a little beyond the longest trace, so that its dot is not cut. */
const AIR = 1.1;

export function nextP95({ showsP95, yRange }: UrlState, p95: number, longest: number): Partial<UrlState> {
  if (!showsP95) return { showsP95: true };
  if (yRange === null && longest > p95) return { yRange: { min: p95, max: Math.round(longest * AIR) } };
  return { showsP95: false, yRange: null };
}

/** Describes what the next press does. */
export function sayP95({ showsP95, yRange }: UrlState): string {
  if (!showsP95) return 'Show the 95th percentile in the chart';
  return yRange === null ? 'Show only traces at or above the 95th percentile' : 'Show all again';
}
