// The shown part of a trace, in ns from its first start. Pure.

import { clamped, type Interval } from '../../ui/interval';

export type Zoom = Interval;

/** Limit: below ten nanoseconds there is nothing between two ticks. */
const SPAN_MIN = 10;

export function zoomAround(zoom: Zoom, at: number, factor: number, whole: number): Zoom | null {
  const span = Math.min(whole, Math.max(SPAN_MIN, (zoom.to - zoom.from) * factor));
  const share = (at - zoom.from) / (zoom.to - zoom.from);
  return clamped({ from: at - share * span, to: at + (1 - share) * span }, whole);
}
