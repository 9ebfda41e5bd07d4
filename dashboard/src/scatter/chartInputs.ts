// What React hands to the chart, and the view and the scene that follow from it.

import type { ThemeName } from '../theme/palette';
import { nowOffset } from '../traces/clock';
import type { DurationFit } from '../traces/durationFit';
import { rangeOf } from '../traces/range';
import { serviceCount } from '../traces/services';
import { hiddenServices } from '../traces/urlScope';
import type { UrlState } from '../url/state';
import type { Marks } from './painter';
import type { Scene } from './raster';
import { sceneColours } from './sceneColours';
import { fitY, type View } from './view';

export type ChartInputs = {
  url: UrlState;
  theme: ThemeName;
  windowNs: number | null;
  /** The one service in full colour; -1 for all. */
  highlight: number;
  levels: Marks['levels'];
  beyond: Marks['beyond'];
  fit: DurationFit;
  /** The label of the zero row. */
  zeroLabel: string;
};

/** Whether the dots look the same; what is painted above them may differ. */
export function areSameDots(some: ChartInputs, other: ChartInputs): boolean {
  return some.url === other.url && some.theme === other.theme && some.windowNs === other.windowNs && some.highlight === other.highlight && isSameFit(some, other);
}

function isSameFit({ fit: { least, most } }: ChartInputs, { fit }: ChartInputs): boolean {
  return least === fit.least && most === fit.most;
}

/** The view that the address asks for. `longest` is a duration that the axis has to reach. */
export function viewOf({ url, windowNs, fit }: ChartInputs, longest: number, size: { width: number; height: number }): View {
  const { from, to } = rangeOf(url, windowNs, nowOffset());
  const isLog = url.yScale === 'log';
  const y = url.yRange === null ? fitY(fit.least, Math.max(fit.most, longest), isLog) : chosenY(url.yRange, isLog);
  return { x0: from, x1: to, ...y, isLog, ...size };
}

function chosenY({ min, max }: { min: number; max: number }, isLog: boolean): { y0: number; y1: number } {
  return isLog ? { y0: Math.log10(Math.max(min, 0.1)), y1: Math.log10(Math.max(max, 1)) } : { y0: min, y1: max };
}

export function sceneOf({ url, theme, highlight }: ChartInputs, view: View, density: number): Scene {
  const hidden = new Uint8Array(Math.max(1, serviceCount()));
  for (const service of hiddenServices(url.hidden)) hidden[service] = 1;
  const fades = !matchMedia('(prefers-reduced-motion: reduce)').matches;
  return { view, density, filter: url.filter, hidden, highlight, colours: sceneColours(theme), fades };
}
