// Chooses round values for the ticks of an axis. Pure.

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
/** Steps of a time axis in ms. Below a millisecond the steps are 1, 2 and 5 times a power of ten. */
const TIME_STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, S, 2 * S, 5 * S, 10 * S, 15 * S, 30 * S, MIN, 2 * MIN, 5 * MIN, 10 * MIN,
  15 * MIN, 30 * MIN, H, 2 * H, 3 * H, 6 * H, 12 * H, 24 * H, 48 * H, 7 * 24 * H,
];

export function timeTicks(fromMs: number, toMs: number, most: number): { ticks: number[]; step: number } {
  const least = (toMs - fromMs) / most;
  const step = least < 1 ? niceStep(least) : (TIME_STEPS.find((candidate) => candidate >= least) ?? niceStep(least));
  return { ticks: multiples(fromMs, toMs, step), step };
}

export function linearTicks(from: number, to: number, most: number): number[] {
  return multiples(from, to, niceStep((to - from) / most));
}

/** Powers of ten, and 2 and 5 times them where there is room. `from` and `to` are logarithms. */
export function logTicks(from: number, to: number, most: number): { value: number; isMajor: boolean }[] {
  const decades = to - from;
  if (decades < 0.7) return linearTicks(10 ** from, 10 ** to, most).filter((value) => value > 0).map((value) => ({ value, isMajor: true }));
  const between = decades * 3 <= most ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / most));
  const ticks: { value: number; isMajor: boolean }[] = [];
  for (let power = Math.floor(from); power <= to; power += 1) {
    if (power % every !== 0) continue;
    for (const digit of between) {
      const value = digit * 10 ** power;
      if (Math.log10(value) >= from && Math.log10(value) <= to) ticks.push({ value, isMajor: digit === 1 });
    }
  }
  return ticks;
}

function niceStep(least: number): number {
  const decade = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((candidate) => candidate * decade >= least * (1 - 1e-9)) ?? 10;
  return step * decade;
}

function multiples(from: number, to: number, step: number): number[] {
  const ticks: number[] = [];
  // Multiplied, not added up: a sum would drift.
  for (let n = Math.ceil(from / step); n * step <= to; n += 1) ticks.push(n * step);
  return ticks;
}
