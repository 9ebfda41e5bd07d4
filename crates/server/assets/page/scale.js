// Where a trace stands in the chart, and the ticks of its axes. Pure.

/** Steps of a time axis, in milliseconds. */
const TIME_STEPS = [
  1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000,
  7_200_000, 21_600_000, 86_400_000,
];

/** Linear: [from, until] in milliseconds to [left, right] in pixels. */
export function timeScale(from, until, left, right) {
  return (millis) => left + ((millis - from) / (until - from)) * (right - left);
}

/** Round times inside the range, at most `most` of them. */
export function timeTicks(from, until, most) {
  const step = TIME_STEPS.find((step) => (until - from) / step <= most) ?? (until - from) / most;
  const ticks = [];
  for (let tick = Math.ceil(from / step) * step; tick <= until; tick += step) ticks.push(tick);
  return { ticks, step };
}

/**
 * Logarithmic over whole decades of milliseconds that hold all durations. What takes less than 1 ms has no
 * logarithm here (the list gives whole milliseconds) and stands in a row of its own at the bottom.
 */
export function durationScale(longest, top, bottom) {
  const zeroRow = 28;
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(longest, 2))));
  const height = bottom - zeroRow - top;
  const y = (millis) =>
    millis < 1 ? bottom - zeroRow / 2 : bottom - zeroRow - (Math.log10(millis) / decades) * height;
  const ticks = Array.from({ length: decades + 1 }, (_, power) => 10 ** power);
  const between = decades <= 3 ? ticks.slice(0, -1).flatMap((tick) => [2 * tick, 5 * tick]) : [];
  return { y, ticks, between };
}

/** The index of the point nearest to a place, within `reach` pixels, or -1. Of equals the last, on top, wins. */
export function nearest(points, x, y, reach) {
  let [best, bestDistance] = [-1, reach * reach];
  points.forEach((point, index) => {
    const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
    if (distance <= bestDistance) [best, bestDistance] = [index, distance];
  });
  return best;
}
