// Computes the times of a span's events, for the ticks on its bar. Pure.

import type { Span } from '../../api/types';

/** Cached by span: a row is rendered again only when it gets another array. */
const cache = new WeakMap<Span, readonly number[]>();

/** In ns after the start of the span; `undefined` without events. */
export function eventTimes(span: Span | undefined): readonly number[] | undefined {
  if (span === undefined || span.events.length === 0) return undefined;
  let times = cache.get(span);
  if (times === undefined) {
    const start = BigInt(span.start_ns);
    cache.set(span, (times = span.events.map((event) => Number(BigInt(event.time_ns) - start))));
  }
  return times;
}
