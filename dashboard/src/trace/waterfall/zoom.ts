// The zoom of a trace: the shown interval, in ns from its first start. Pure.

import { clamped, type Interval } from '../../ui/interval';

export type Zoom = Interval;

/** Limit: times are precise to a nanosecond, so there is nothing more to see below ten. */
const SPAN_MIN = 10;

export function zoomAround(zoom: Zoom, at: number, factor: number, whole: number): Zoom | null {
  const span = Math.min(whole, Math.max(SPAN_MIN, (zoom.to - zoom.from) * factor));
  const share = (at - zoom.from) / (zoom.to - zoom.from);
  return clamped({ from: at - share * span, to: at + (1 - share) * span }, whole);
}
