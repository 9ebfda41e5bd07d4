// Handles the keyboard on the chart.

import type { KeyboardEvent, RefObject } from 'react';

import { currentScope } from '../live/currentScope';
import type { LiveTraces } from '../live/liveTraces';
import { pushUrl } from '../url/location';
import type { ScatterController } from './controller';
import { commitView, resetView } from './gestures';
import { hoverOf, hoverWith } from './hover';
import type { Hover } from './HoverCard';
import { panBy, zoomAt } from './view';
import { newest, step, stepError, type Direction } from './walk';

const ARROWS: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
const PANS: Record<string, [number, number]> = { a: [0.2, 0], d: [-0.2, 0], w: [0, 0.2], s: [0, -0.2] };

type Show = (next: Hover | null) => void;

export function useChartKeys(live: LiveTraces, chartRef: RefObject<ScatterController | null>, hover: Hover | null, show: Show) {
  return (event: KeyboardEvent) => {
    const chart = chartRef.current;
    if (chart === null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (handle(live, event, chart, hover, show)) event.preventDefault();
  };
}

function handle(live: LiveTraces, event: KeyboardEvent, chart: ScatterController, hover: Hover | null, show: Show): boolean {
  const { key } = event;
  if (key in ARROWS) return walk(live, chart, hover, ARROWS[key], show);
  if (key === 'n' || key === 'N') return walkErrors(live, chart, hover, key === 'n' ? 1 : -1, show);
  if (key === 'Tab' && !event.shiftKey && hover !== null) return walkSamePlace(live, chart, hover, show);
  if (key === 'Enter' && hover !== null) {
    pushUrl({ trace: live.table.ids[hover.slot], span: null, zoom: null, find: '' });
    return true;
  }
  return moveView(key, chart);
}

function walk(live: LiveTraces, chart: ScatterController, hover: Hover | null, direction: Direction, show: Show): boolean {
  const slot = hover === null ? newest(live.table, currentScope(live)) : step(live.table, currentScope(live), chart.view(), hover.slot, direction);
  show(slot < 0 ? hover : hoverWith(live, slot, chart.view()));
  return true;
}

function walkErrors(live: LiveTraces, chart: ScatterController, hover: Hover | null, way: 1 | -1, show: Show): boolean {
  const next = stepError(live.table, currentScope(live), hover?.slot ?? -1, way);
  // After the last error the search starts over.
  const slot = next < 0 ? stepError(live.table, currentScope(live), -1, way) : next;
  if (slot >= 0) show(hoverWith(live, slot, chart.view()));
  return true;
}

/** Goes to the next dot at the same position; after the last one Tab leaves the chart. */
function walkSamePlace(live: LiveTraces, chart: ScatterController, hover: Hover, show: Show): boolean {
  const rank = hover.rank + 1;
  if (rank >= hover.others.length) return false;
  show({ ...hoverOf(live.table, hover.others[rank], chart.view()), others: hover.others, rank });
  return true;
}

function moveView(key: string, chart: ScatterController): boolean {
  const view = chart.view();
  const zoom = (factor: number) => commitView(chart.bounded(zoomAt(view, view.width / 2, view.height / 2, factor, 1)), false);
  if (key === '+' || key === '=') zoom(0.7);
  else if (key === '-') zoom(1 / 0.7);
  else if (key === '0') resetView();
  else if (key in PANS) commitView(chart.bounded(panBy(view, PANS[key][0] * view.width, PANS[key][1] * view.height)), PANS[key][1] !== 0);
  else return false;
  return true;
}
