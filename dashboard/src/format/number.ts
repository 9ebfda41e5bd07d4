// Writes counts, shares and sizes for people to read. Pure.

const WHOLE = new Intl.NumberFormat('en-US');

export function formatCount(count: number): string {
  return WHOLE.format(count);
}

/** A share in percent: one decimal below 10 %. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent === 0 || percent === 100) return `${percent} %`;
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(value < 10 && unit > 0 ? 1 : 0))} ${units[unit]}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** How many traces have a root, and beside them how many have none. */
export function countApart(traces: number, rootless: number): string {
  return rootless === 0 ? formatCount(traces) : `${formatCount(traces)} + ${formatCount(rootless)} without a root`;
}
