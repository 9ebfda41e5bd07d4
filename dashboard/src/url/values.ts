// Reads and writes single values of the address. Pure.

const UNITS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Reads `90s`, `10m` or `2h`, in milliseconds. */
export function parseLast(text: string): number | null {
  const match = /^(\d{1,6})([smh])$/.exec(text);
  if (match === null) return null;
  const ms = Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  return ms > 0 ? ms : null;
}

export function writeLast(ms: number): string {
  if (ms % UNITS.h === 0) return `${ms / UNITS.h}h`;
  if (ms % UNITS.m === 0) return `${ms / UNITS.m}m`;
  return `${Math.max(1, Math.round(ms / UNITS.s))}s`;
}

/** Reads exactly `count` finite numbers, separated by commas. */
export function parseNumbers(text: string, count: number): number[] | null {
  const parts = text.split(',');
  if (parts.length !== count || parts.some((part) => part.trim() === '')) return null;
  const numbers = parts.map(Number);
  return numbers.every(Number.isFinite) ? numbers : null;
}

/** Rounds to three decimals: to a microsecond where the unit is a millisecond, which is finer than a pixel. */
export function writeNumber(value: number): string {
  return String(Number(value.toFixed(3)));
}
