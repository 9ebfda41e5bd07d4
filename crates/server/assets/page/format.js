// Numbers and times as people read them.

const WHOLE = new Intl.NumberFormat('en-US');
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const MINUTES = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** 391020 → "391,020" */
export function count(value) {
  return WHOLE.format(value);
}

/** "1 span", "2 spans" */
export function plural(value, noun) {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Nanoseconds as a duration with three digits that matter. */
export function duration(nanos) {
  const units = [[3.6e12, 'h'], [6e10, 'min'], [1e9, 's'], [1e6, 'ms'], [1e3, 'µs']];
  const [size, unit] = units.find(([size]) => nanos >= size) ?? [1, 'ns'];
  return `${digits(nanos / size)} ${unit}`;
}

/** Whole milliseconds, as the list of traces gives them: below one there is no more to say. */
export function durationMs(millis) {
  return millis < 1 ? '< 1 ms' : duration(millis * 1e6);
}

function digits(value) {
  if (value >= 100 || Number.isInteger(value)) return WHOLE.format(Math.round(value));
  return value.toFixed(value >= 10 ? 1 : 2).replace(/\.?0+$/, '');
}

/** Unix milliseconds as local time with milliseconds. */
export function clock(millis) {
  const date = new Date(millis);
  if (Number.isNaN(date.getTime())) return 'beyond the calendar';
  return `${CLOCK.format(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** A label on the time axis. */
export function axisTime(millis, stepMillis) {
  return (stepMillis < 60_000 ? CLOCK : MINUTES).format(new Date(millis));
}

/** A nanosecond time in full, in UTC: 2026-11-23T08:40:00.123456789Z */
export function utc(nanos) {
  const second = 1_000_000_000n;
  const fraction = ((nanos % second) + second) % second;
  const date = new Date(Number((nanos - fraction) / 1_000_000n));
  if (Number.isNaN(date.getTime())) return 'beyond the calendar';
  return `${date.toISOString().slice(0, -5)}.${String(fraction).padStart(9, '0')}Z`;
}

/** Seconds as minutes, or as seconds when there are few: "30 min". */
export function span(seconds) {
  return seconds < 120 ? `${digits(seconds)} s` : `${digits(seconds / 60)} min`;
}

/** Bytes in binary units. */
export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(value) / 10));
  return `${digits(value / 1024 ** power)} ${units[power]}`;
}
