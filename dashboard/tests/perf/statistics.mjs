export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

export const median = (values) => quantile(values, 0.5);

export function frameStats(deltas) {
  const round = (value) => Math.round(value * 10) / 10;
  return { median: round(median(deltas)), p95: round(quantile(deltas, 0.95)), max: round(Math.max(...deltas)) };
}
