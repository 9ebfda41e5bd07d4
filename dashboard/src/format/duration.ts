// Writes durations for people to read; they come in nanoseconds. Pure.

const NS_PER_US = 1e3;
const NS_PER_MS = 1e6;
const NS_PER_S = 1e9;
const NS_PER_MIN = 60e9;
const NS_PER_H = 3600e9;

/** With three significant digits: `48.2 ms`, `310 µs`, `2 m 10 s`. */
export function formatDuration(ns: number): string {
  const size = Math.abs(ns);
  // What would round up to 60 s is written in minutes.
  if (size >= 59.95e9) return (ns < 0 ? '-' : '') + formatLong(size);
  const [value, unit] = shortUnit(ns, size);
  return `${trim(value)} ${unit}`;
}

function shortUnit(ns: number, size: number): [number, string] {
  // What would round up to 1000 of a unit is written as 1 of the next unit.
  if (size < 999.5) return [ns, 'ns'];
  if (size < 999.5 * NS_PER_US) return [ns / NS_PER_US, 'µs'];
  if (size < 999.5 * NS_PER_MS) return [ns / NS_PER_MS, 'ms'];
  return [ns / NS_PER_S, 's'];
}

function formatLong(ns: number): string {
  const seconds = Math.round(ns / NS_PER_S);
  if (ns < NS_PER_H - NS_PER_S / 2) return joined(Math.floor(seconds / 60), 'm', seconds % 60, 's');
  const minutes = Math.round(ns / NS_PER_MIN);
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

function trim(value: number): string {
  const digits = Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

const SPOKEN: Record<string, string> = {
  ns: 'nanoseconds',
  µs: 'microseconds',
  ms: 'milliseconds',
  s: 'seconds',
  m: 'minutes',
  h: 'hours',
};

/** For an axis: seconds up to an hour, because they are easier to compare than minutes and seconds. */
export function formatDurationTick(ns: number): string {
  return ns >= NS_PER_MIN && ns < NS_PER_H ? `${Number((ns / NS_PER_S).toFixed(1))} s` : formatDuration(ns);
}

/** In words, for a screen reader: `48.2 milliseconds`. */
export function speakDuration(ns: number): string {
  return formatDuration(ns).replace(/[a-zµ]+/g, (unit) => SPOKEN[unit] ?? unit);
}
