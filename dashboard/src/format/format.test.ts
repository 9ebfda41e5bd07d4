import { expect, test } from 'vitest';

import { formatDuration, formatDurationTick, speakDuration } from './duration';
import { countApart, formatBytes, formatShare } from './number';
import { formatRange, formatTick, formatUtcNanos } from './time';

test.each([
  [0, '0 ns'],
  [999, '999 ns'],
  [999.6, '1 µs'],
  [1000, '1 µs'],
  [1234, '1.23 µs'],
  [48_200_000, '48.2 ms'],
  [310_400_000, '310 ms'],
  [999_900_000, '1 s'],
  [1_240_000_000, '1.24 s'],
  [59_990_000_000, '1 m'],
  [130_000_000_000, '2 m 10 s'],
  [3_599_600_000_000, '1 h'],
  [7_260_000_000_000, '2 h 1 m'],
  [-3_200_000, '-3.2 ms'],
])('%d ns is written %s', (ns, text) => {
  expect(formatDuration(ns)).toBe(text);
});

test('an axis counts seconds up to an hour', () => {
  expect([50e9, 100e9, 1500e9, 7200e9].map(formatDurationTick)).toEqual(['50 s', '100 s', '1500 s', '2 h']);
});

test('units are spoken as words', () => {
  expect(speakDuration(312e6)).toBe('312 milliseconds');
  expect(speakDuration(130e9)).toBe('2 minutes 10 seconds');
});

test('an instant keeps its nanoseconds, before 1970 too', () => {
  expect(formatUtcNanos(1_795_430_400_000_000_001n)).toBe('2026-11-23 10:40:00.000000001Z');
  expect(formatUtcNanos(-1n)).toBe('1969-12-31 23:59:59.999999999Z');
});

test('a label of a tick is as precise as the step between ticks', () => {
  const at = new Date(2026, 10, 23, 9, 5, 7, 250).getTime();
  expect(formatTick(at, 60_000)).toBe('09:05');
  expect(formatTick(at, 1000)).toBe('09:05:07');
  expect(formatTick(at, 50)).toBe('09:05:07.250');
});

test('shares and sizes are written with few digits', () => {
  expect(formatShare(1, 3)).toBe('33 %');
  expect(formatShare(0, 0)).toBe('0 %');
  expect(formatShare(17, 1000)).toBe('1.7 %');
  expect(formatBytes(27_304_512)).toBe('26 MiB');
});

test('labels name the day where the step is a day or more, ranges where it is not today', () => {
  const at = new Date(2026, 10, 23, 9, 5, 7).getTime();
  expect(formatTick(at, 86_400_000)).toMatch(/23/);
  expect(formatRange(at, at + 60_000, at)).toBe('09:05:07 – 09:06:07');
  expect(formatRange(at, at + 60_000, at + 2 * 86_400_000)).toMatch(/23.*09:05:07 – .*23.*09:06:07/);
});

test('traces without a root are counted apart', () => {
  expect([countApart(1200, 0), countApart(0, 17)]).toEqual(['1,200', '0 + 17 without a root']);
});
