// A part of something that goes from 0 to `whole`. Pure.

export type Part = { from: number; to: number };

export function panned(part: Part, by: number, whole: number): Part | null {
  return clamped({ from: part.from + by, to: part.to + by }, whole);
}

/** Inside the whole; `null` where all of it is shown. */
export function clamped({ from, to }: Part, whole: number): Part | null {
  const length = Math.min(whole, to - from);
  const start = Math.min(Math.max(0, from), whole - length);
  return length >= whole ? null : { from: start, to: start + length };
}
