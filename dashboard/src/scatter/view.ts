// The view: the part of time and duration that the chart shows, and its conversion to pixels. Pure.

/** Maps a rectangle of data to a rectangle of pixels. x: offsets in ns; y: duration in ns, or its logarithm. */
export type View = {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  isLog: boolean;
  width: number;
  height: number;
};

/** The height of the zero row at the bottom, for durations below 1 ns, which have no place on a logarithmic axis. CSS pixels. */
export const ZERO_ROW_PX = 20;
/** Limit: 1 µs over the whole width; nothing is told apart below that. */
const SPAN_X_MIN = 1000;
const SPAN_X_MAX = 7 * 24 * 3600e9;
const SPAN_LOG_MIN = 0.05;
const SPAN_LIN_MIN = 10;
/** From a tenth of a nanosecond to about eleven days. */
const LOG_MIN = -1;
const LOG_MAX = 15;

export const plotHeight = (view: View): number => view.height - (view.isLog ? ZERO_ROW_PX : 0);

export function xPixel(view: View, offset: number): number {
  return ((offset - view.x0) / (view.x1 - view.x0)) * view.width;
}

export function xValue(view: View, pixel: number): number {
  return view.x0 + (pixel / view.width) * (view.x1 - view.x0);
}

export function yPixel(view: View, duration: number): number {
  if (view.isLog && duration < 1) return view.height - ZERO_ROW_PX / 2;
  const value = view.isLog ? Math.log10(duration) : duration;
  return plotHeight(view) * (1 - (value - view.y0) / (view.y1 - view.y0));
}

/** The duration at a height; in the zero row it is 0. */
export function yValue(view: View, pixel: number): number {
  const height = plotHeight(view);
  if (view.isLog && pixel > height) return 0;
  const value = view.y0 + (1 - pixel / height) * (view.y1 - view.y0);
  return view.isLog ? 10 ** value : Math.max(0, value);
}

/** Zooms by a factor; the point at the pixel stays where it is. */
export function zoomAt(view: View, px: number, py: number, factorX: number, factorY: number): View {
  const fx = clampFactor(factorX, view.x1 - view.x0, SPAN_X_MIN, SPAN_X_MAX);
  const spanY = view.y1 - view.y0;
  const fy = clampFactor(factorY, spanY, view.isLog ? SPAN_LOG_MIN : SPAN_LIN_MIN, view.isLog ? LOG_MAX - LOG_MIN : 1e15);
  const x = xValue(view, px);
  const y = view.y0 + (1 - Math.min(py, plotHeight(view)) / plotHeight(view)) * spanY;
  return {
    ...view,
    x0: x - (x - view.x0) * fx,
    x1: x + (view.x1 - x) * fx,
    ...(factorY === 1 ? {} : { y0: y - (y - view.y0) * fy, y1: y + (view.y1 - y) * fy }),
  };
}

export type Bounds = { from: number; to: number };
/** A view may reach beyond its bounds by this share of them. */
const AIR = 0.05;

/** The view with its times cut to the length of the bounds, and moved inside them. */
export function inside(view: View, bounds: Bounds): View {
  const { from, to } = insideTimes({ from: view.x0, to: view.x1 }, bounds);
  return { ...view, x0: from, x1: to };
}

export function insideTimes(times: Bounds, { from, to }: Bounds): Bounds {
  const air = (to - from) * AIR;
  const length = Math.min(times.to - times.from, to - from + 2 * air);
  // Cuts equally on both sides.
  const start = times.from + (times.to - times.from - length) / 2;
  const begin = Math.min(Math.max(start, from - air), to + air - length);
  return { from: begin, to: begin + length };
}

function clampFactor(factor: number, span: number, least: number, most: number): number {
  return Math.min(Math.max(factor, least / span), most / span);
}

export function panBy(view: View, dx: number, dy: number): View {
  const x = (dx / view.width) * (view.x1 - view.x0);
  const y = (dy / plotHeight(view)) * (view.y1 - view.y0);
  return { ...view, x0: view.x0 - x, x1: view.x1 - x, y0: view.y0 + y, y1: view.y1 + y };
}

/** The axis for a span of durations. Its edges are rounded, so that they rarely move while traces come and go. */
export function fitY(least: number, most: number, isLog: boolean): { y0: number; y1: number } {
  if (!isLog) return { y0: 0, y1: niceAbove(Math.max(most, 1) * 1.05) };
  if (!(most >= 1)) return { y0: 6, y1: 9 };
  // Half decades, with a little air, and at least one and a half decades in all.
  const y0 = Math.floor((Math.log10(Math.max(least, 1)) - 0.08) * 2) / 2;
  const y1 = Math.ceil((Math.log10(most) + 0.08) * 2) / 2;
  const lack = Math.max(0, 1.5 - (y1 - y0)) / 2;
  return { y0: y0 - lack, y1: y1 + lack };
}

function niceAbove(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return (([1, 1.5, 2, 3, 5, 7.5, 10].find((step) => step * decade >= value) ?? 10) as number) * decade;
}
