// The shortcuts of a trace. The tree grid handles the keys on its rows itself.

import type { RefObject } from 'react';

import { panned } from '../ui/interval';
import { useShortcuts, type Keys } from '../ui/shortcuts';
import { pushUrl, replaceUrl, urlState } from '../url/location';
import type { TraceModel } from './model/traceModel';
import { firstRowOf } from './waterfall/shownRows';
import type { Matches } from './waterfall/useMatches';
import type { Waterfall } from './waterfall/useWaterfall';
import { zoomAround, type Zoom } from './waterfall/zoom';

const ZOOM_STEP = 0.7;
const PAN_STEP = 0.2;
/** The margin around a span that fills the view, as a share of it. */
const FIT_MARGIN = 0.05;

type Parts = {
  model: TraceModel;
  zoom: Zoom;
  whole: number;
  waterfall: Waterfall;
  matches: Matches;
  findRef: RefObject<HTMLInputElement | null>;
  onZoom: (zoom: Zoom | null, isDone: boolean) => void;
  onReload: () => void;
};

export function useTraceKeys({ model, zoom, whole, waterfall, matches, findRef, onZoom, onReload }: Parts): void {
  const zoomBy = (factor: number) => onZoom(zoomAround(zoom, (zoom.from + zoom.to) / 2, factor, whole), true);
  const panBy = (share: number) => onZoom(panned(zoom, share * (zoom.to - zoom.from), whole), true);
  const find = (event: KeyboardEvent) => {
    // With the focus already in the box, Ctrl+F opens the browser's own search.
    if (document.activeElement === findRef.current) return;
    event.preventDefault();
    findRef.current?.focus();
    findRef.current?.select();
  };
  const step = (way: 1 | -1) => (matches.rows.length > 0 ? waterfall.stepMatch(way) : waterfall.nextError());
  const levels = Object.fromEntries(Array.from('123456789', (digit) => [digit, () => waterfall.openLevels(Number(digit))]));
  const keys: Keys = {
    ...levels,
    '/': find,
    'Ctrl+f': find,
    n: () => step(1),
    N: () => step(-1),
    e: waterfall.nextError,
    l: onReload,
    p: () => replaceUrl({ criticalPath: !urlState().criticalPath }),
    o: () => waterfall.select(waterfall.selectedRow >= 0 ? -1 : focusedRow(model, waterfall)),
    f: () => fit(model, waterfall, whole, onZoom),
    '[': () => waterfall.openLevels(1),
    ']': () => waterfall.openLevels(Number.MAX_SAFE_INTEGER),
    '+': () => zoomBy(ZOOM_STEP),
    '=': () => zoomBy(ZOOM_STEP),
    '-': () => zoomBy(1 / ZOOM_STEP),
    0: () => onZoom(null, true),
    w: () => zoomBy(ZOOM_STEP),
    s: () => zoomBy(1 / ZOOM_STEP),
    a: () => panBy(-PAN_STEP),
    d: () => panBy(PAN_STEP),
    Escape: () => leave(waterfall),
  };
  useShortcuts(keys);
}

const focusedRow = ({ groups }: TraceModel, { shown, focus }: Waterfall): number => firstRowOf(groups, shown.code[focus.index] ?? 0);

/** Escape closes the details first, then the zoom, then the trace. */
function leave(waterfall: Waterfall): void {
  if (waterfall.selectedRow >= 0) waterfall.select(-1);
  else if (urlState().zoom !== null) pushUrl({ zoom: null });
  else pushUrl({ trace: null, beside: null, span: null, find: '', onlyMatches: false, marksSlowest: false });
}

function fit(model: TraceModel, waterfall: Waterfall, whole: number, onZoom: Parts['onZoom']): void {
  const row = waterfall.selectedRow >= 0 ? waterfall.selectedRow : focusedRow(model, waterfall);
  const span = model.forest.spanOf[row];
  const from = model.columns.start[span] - model.drawn.from;
  const margin = Math.max(5, model.columns.duration[span] * FIT_MARGIN);
  const zoom = { from: Math.max(0, from - margin), to: Math.min(whole, from + model.columns.duration[span] + margin) };
  onZoom(zoom.to - zoom.from >= whole ? null : zoom, true);
}
