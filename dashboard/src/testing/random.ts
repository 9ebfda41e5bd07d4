// Random values for tests; equal seeds give equal values.

export type Random = ReturnType<typeof randomFrom>;

export function randomFrom(seed: number) {
  let state = seed >>> 0;
  /** A number from 0 to below 1, by mulberry32. */
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const bool = () => next() < 0.5;
  const pick = <T>(values: readonly T[]): T => values[int(0, values.length - 1)];
  const repeat = (count: number, make: () => string) => Array.from({ length: count }, make).join('');
  const text = (least: number) => repeat(int(least, least + 8), () => pick([...'abcZ09 &=+%#?/äß→💡"<']));
  const hex = (digits: number) => repeat(digits, () => int(0, 15).toString(16));
  const maybe = <T>(make: () => T): T | null => (bool() ? make() : null);
  return { next, int, bool, pick, text, hex, maybe };
}
