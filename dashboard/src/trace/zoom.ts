// The shown part of a trace, in ns from its first start. Pure.

export type Zoom = { from: number; to: number };

/** Limit: below ten nanoseconds there is nothing between two ticks. */
const SPAN_MIN = 10;

export function zoomAround(zoom: Zoom, at: number, factor: number, whole: number): Zoom | null {
  const span = Math.min(whole, Math.max(SPAN_MIN, (zoom.to - zoom.from) * factor));
  const share = (at - zoom.from) / (zoom.to - zoom.from);
  return clamped({ from: at - share * span, to: at + (1 - share) * span }, whole);
}

export function panned(zoom: Zoom, by: number, whole: number): Zoom | null {
  return clamped({ from: zoom.from + by, to: zoom.to + by }, whole);
}

/** Inside the trace; `null` where all of it is shown. */
export function clamped({ from, to }: Zoom, whole: number): Zoom | null {
  const span = Math.min(whole, to - from);
  const start = Math.min(Math.max(0, from), whole - span);
  return span >= whole ? null : { from: start, to: start + span };
}
