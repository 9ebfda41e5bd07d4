// When the events of a span happened, for the ticks on its bar. Pure.

import type { Span } from '../../api/types';

/** Rows are drawn often, and are only drawn anew where what they get is another array. */
const made = new WeakMap<Span, readonly number[]>();

/** In ns after the start of the span. */
export function eventTimes(span: Span | undefined): readonly number[] | undefined {
  if (span === undefined || span.events.length === 0) return undefined;
  let times = made.get(span);
  if (times === undefined) {
    const start = BigInt(span.start_ns);
    made.set(span, (times = span.events.map((event) => Number(BigInt(event.time_ns) - start))));
  }
  return times;
}
