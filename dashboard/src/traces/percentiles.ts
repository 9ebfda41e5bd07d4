// Percentiles by nearest rank. They are selected, not sorted: sorting 100,000 durations takes noticeably long. Pure.

/** For each percentage the value at rank ⌈p·n⌉ in ascending order, counted from 1. Reorders `values`; `percents` must ascend. */
export function percentilesOf(values: Float64Array, percents: readonly number[]): number[] {
  if (values.length === 0) return percents.map(() => 0);
  let from = 0;
  return percents.map((percent) => {
    const rank = Math.max(0, Math.ceil((percent * values.length) / 100) - 1);
    select(values, from, rank);
    // All values before this rank are smaller, so the next percentile lies behind it.
    from = rank;
    return values[rank];
  });
}

/** Quickselect: puts the value of a rank at its index, smaller values before it and larger ones behind it. */
function select(values: Float64Array, from: number, rank: number): void {
  let [low, high] = [from, values.length - 1];
  while (low < high) {
    const pivot = middleOf(values[low], values[(low + high) >> 1], values[high]);
    let [left, right] = [low, high];
    while (left <= right) {
      while (values[left] < pivot) left += 1;
      while (values[right] > pivot) right -= 1;
      if (left > right) break;
      const value = values[left];
      values[left] = values[right];
      values[right] = value;
      left += 1;
      right -= 1;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else return;
  }
}

const middleOf = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
