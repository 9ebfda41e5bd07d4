/** From one number to another in whole percent; none where there was nothing. */
export function changeOf(before: number, now: number): number | null {
  return before === 0 ? null : Math.round((100 * (now - before)) / before);
}
