// The change of a number against the range before.

/** In whole percent; `null` where the number was 0. */
export function changeOf(before: number, now: number): number | null {
  return before === 0 ? null : Math.round((100 * (now - before)) / before);
}
