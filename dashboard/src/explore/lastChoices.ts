// Whether nearly all of the window is empty, because all traces have come lately. Pure.

const MIN = 60_000;
/** What the select offers, in ms. */
export const LASTS = [MIN, 2 * MIN, 5 * MIN, 10 * MIN, 30 * MIN, 60 * MIN];
/** In less of the window dots stand as in a pillar. */
const SHARE_MAX = 0.2;

/** The last minutes that have all of them, where that is a small part of the window; in ms. */
export function lastWithAll(oldest: number, now: number, windowNs: number): number | null {
  const last = LASTS.find((ms) => ms * 1e6 >= now - oldest);
  return last !== undefined && last * 1e6 <= windowNs * SHARE_MAX ? last : null;
}
