// An interval of something that goes from 0 to `whole`. Pure.

export type Interval = { from: number; to: number };

export function panned(part: Interval, by: number, whole: number): Interval | null {
  return clamped({ from: part.from + by, to: part.to + by }, whole);
}

/** The interval moved and cut so that it lies inside; `null` where it covers the whole. */
export function clamped({ from, to }: Interval, whole: number): Interval | null {
  const length = Math.min(whole, to - from);
  const start = Math.min(Math.max(0, from), whole - length);
  return length >= whole ? null : { from: start, to: start + length };
}
