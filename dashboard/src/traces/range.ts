// The part of time that the overview shows. Pure.

import type { UrlState } from '../url/state';
import { offsetOfMs } from './clock';

/** The contract's default, for servers that do not say how far back they reach. */
const WINDOW_DEFAULT_NS = 30 * 60e9;

export type Range = { from: number; to: number };

/** The fixed range, or the last minutes up to `now`; offsets in ns. */
export function rangeOf(url: UrlState, windowNs: number | null, now: number): Range {
  if (url.range !== null) return { from: offsetOfMs(url.range.from), to: offsetOfMs(url.range.to) };
  const reach = url.last === null ? (windowNs ?? WINDOW_DEFAULT_NS) : url.last * 1e6;
  return { from: now - reach, to: now };
}

/** The whole window. */
export const windowBounds = (windowNs: number | null, now: number): Range => ({ from: now - (windowNs ?? WINDOW_DEFAULT_NS), to: now });

/** The range of equal length right before the shown one; `null` where it reaches out of the window, or the whole window is shown. */
export function rangeBefore(url: UrlState, windowNs: number | null, now: number): Range | null {
  if ((url.range === null && url.last === null) || windowNs === null) return null;
  const { from, to } = rangeOf(url, windowNs, now);
  const before = { from: 2 * from - to, to: from };
  return before.from >= now - windowNs ? before : null;
}

export const isFollowing = (url: UrlState): boolean => url.live && url.range === null;
