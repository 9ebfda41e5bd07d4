// Writes instants for people to read; they come in milliseconds since 1970, or in exact nanoseconds.

const two = (value: number) => String(value).padStart(2, '0');

const LOCAL = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** The local time of day, to the millisecond. */
export function formatLocal(ms: number): string {
  return LOCAL.format(ms);
}

/** The instant in UTC, to the millisecond. */
export function formatUtc(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ');
}

/** The instant in UTC, to the nanosecond; a Date would cut it to milliseconds. */
export function formatUtcNanos(ns: bigint): string {
  const perSecond = 1_000_000_000n;
  // Before 1970 the fraction still counts upwards.
  const fraction = ((ns % perSecond) + perSecond) % perSecond;
  const seconds = (ns - fraction) / perSecond;
  const stamp = new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${stamp}.${String(fraction).padStart(9, '0')}Z`;
}

const DAY_MS = 86_400_000;
const DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** A label at a tick of a time axis, as fine as the step between ticks. */
export function formatTick(ms: number, stepMs: number): string {
  if (stepMs >= DAY_MS) return DATE.format(ms);
  const date = new Date(ms);
  const base = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (stepMs >= 60_000) return base;
  if (stepMs >= 1000) return `${base}:${two(date.getSeconds())}`;
  const digits = stepMs >= 1 ? 3 : 6;
  const fraction = (((ms % 1000) + 1000) % 1000) / 1000;
  return `${base}:${two(date.getSeconds())}${fraction.toFixed(digits).slice(1)}`;
}

/** A range, to the second; with the day where it is not today. */
export function formatRange(fromMs: number, toMs: number, nowMs = Date.now()): string {
  const isToday = [fromMs, toMs].every((ms) => new Date(ms).toDateString() === new Date(nowMs).toDateString());
  const [from, to] = [fromMs, toMs].map((ms) => (isToday ? '' : `${DATE.format(ms)} `) + formatTick(ms, 1000));
  return `${from} – ${to}`;
}

/** An age in one unit: `12 s`, `4 m`. */
export function formatAge(ms: number): string {
  if (ms < 60_000) return `${Math.max(0, Math.round(ms / 1000))} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} m`;
  return `${Math.round(ms / 3_600_000)} h`;
}
