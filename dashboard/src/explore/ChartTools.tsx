// The buttons of the chart: zoom, box, reset.

import { RotateCcw, SquareDashedMousePointer, ZoomIn, ZoomOut } from 'lucide-react';
import { memo } from 'react';

import { useLive } from '../live/LiveContext';
import type { LiveTraces } from '../live/liveTraces';
import { resetView } from '../scatter/gestures';
import { insideTimes } from '../scatter/view';
import { msOfOffset, nowOffset } from '../traces/clock';
import { rangeOf, windowBounds } from '../traces/range';
import { Button } from '../ui/Button';
import { pushUrl, urlState } from '../url/location';
import styles from './Explore.module.css';

/** Memoised, because new traces each second change nothing here. */
export const ChartTools = memo(function ChartTools({ isBoxTool, onBoxTool }: { isBoxTool: boolean; onBoxTool: (isOn: boolean) => void }) {
  const live = useLive();
  return (
    <div className={styles['tools']} role="group" aria-label="Chart">
      <Button icon={<ZoomIn size={16} />} label="Zoom in (+)" onClick={() => zoomRange(live, 0.7)} />
      <Button icon={<ZoomOut size={16} />} label="Zoom out (-)" onClick={() => zoomRange(live, 1 / 0.7)} />
      <Button
        icon={<SquareDashedMousePointer size={16} />}
        label="Select a box (or drag with Alt)"
        aria-pressed={isBoxTool}
        onClick={() => onBoxTool(!isBoxTool)}
      />
      <Button icon={<RotateCcw size={16} />} label="Reset the chart (0)" onClick={resetView} />
    </div>
  );
});

function currentRange(live: LiveTraces) {
  return rangeOf(urlState(), live.windowNs, nowOffset());
}

function setRange(live: LiveTraces, wantedFrom: number, wantedTo: number): void {
  const { from, to } = insideTimes({ from: wantedFrom, to: wantedTo }, windowBounds(live.windowNs, nowOffset()));
  pushUrl({ range: { from: msOfOffset(from), to: msOfOffset(to) }, live: false });
}

function zoomRange(live: LiveTraces, factor: number): void {
  const { from, to } = currentRange(live);
  const [middle, half] = [(from + to) / 2, ((to - from) / 2) * factor];
  setRange(live, middle - half, middle + half);
}

/** Moves the shown range by half its length, to older or newer traces. */
export function shiftRange(live: LiveTraces, way: 1 | -1): void {
  const { from, to } = currentRange(live);
  const by = (way * (to - from)) / 2;
  setRange(live, from + by, to + by);
}
