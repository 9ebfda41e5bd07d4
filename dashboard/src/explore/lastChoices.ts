// The choices for "Last …", and which of them holds all traces. Pure.

const MIN = 60_000;
/** In ms. */
export const LAST_CHOICES_MS = [MIN, 2 * MIN, 5 * MIN, 10 * MIN, 30 * MIN, 60 * MIN];
/** If all traces lie in a smaller share of the window, their dots are crowded together. */
const SHARE_MAX = 0.2;

/** The shortest choice that holds all traces, in ms; `null` where it is not a small part of the window. */
export function lastWithAll(oldest: number, now: number, windowNs: number): number | null {
  const last = LAST_CHOICES_MS.find((ms) => ms * 1e6 >= now - oldest);
  return last !== undefined && last * 1e6 <= windowNs * SHARE_MAX ? last : null;
}
