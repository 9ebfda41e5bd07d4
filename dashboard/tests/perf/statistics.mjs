export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1))];
}

export const median = (values) => quantile(values, 0.5);

/** Statistics of the times between frames. */
export function frameStats(deltas) {
  return { medianMs: median(deltas), p95Ms: quantile(deltas, 0.95), maxMs: Math.max(...deltas) };
}
