// Draws the grid and the labels of the chart.

import { formatDurationTick } from '../format/duration';
import { linearTicks, logTicks, timeTicks } from '../format/ticks';
import { formatTick } from '../format/time';
import { msOfOffset, offsetOfMs } from '../traces/clock';
import { plotHeight, xPixel, yPixel, ZERO_ROW_PX, type View } from './view';

export const MARGIN = { left: 62, right: 14, top: 10, bottom: 26 } as const;
const LABEL_WIDTH_PX = 92;
const LABEL_HEIGHT_PX = 34;
const ZERO_LABEL_PX = 6;

/** The colours and the font of grid and labels. */
export type Ink = { grid: string; line: string; soft: string; text: string; font: string };

/** The origin of the canvas has to be the corner of the plot. */
export function drawAxes(canvas: CanvasRenderingContext2D, view: View, ink: Ink, zeroLabel: string): void {
  canvas.font = ink.font;
  canvas.lineWidth = 1;
  drawTimes(canvas, view, ink);
  drawDurations(canvas, view, ink);
  if (view.isLog) drawZeroRow(canvas, view, ink, zeroLabel);
  canvas.strokeStyle = ink.line;
  line(canvas, 0, view.height + 0.5, view.width, view.height + 0.5);
}

function drawTimes(canvas: CanvasRenderingContext2D, view: View, ink: Ink): void {
  const most = Math.max(2, Math.floor(view.width / LABEL_WIDTH_PX));
  const { ticks, step } = timeTicks(msOfOffset(view.x0), msOfOffset(view.x1), most);
  canvas.textAlign = 'center';
  canvas.textBaseline = 'top';
  for (const ms of ticks) {
    const x = Math.round(xPixel(view, offsetOfMs(ms))) + 0.5;
    canvas.strokeStyle = ink.grid;
    line(canvas, x, 0, x, view.height);
    const label = formatTick(ms, step);
    const half = canvas.measureText(label).width / 2;
    // A label that would be cut at the edge is left out, but its line is drawn.
    if (x - half < -MARGIN.left || x + half > view.width + MARGIN.right) continue;
    canvas.fillStyle = ink.soft;
    canvas.fillText(label, x, view.height + 8);
  }
}

function drawDurations(canvas: CanvasRenderingContext2D, view: View, ink: Ink): void {
  const most = Math.max(2, Math.floor(plotHeight(view) / LABEL_HEIGHT_PX));
  const ticks = view.isLog
    ? logTicks(view.y0, view.y1, most)
    : linearTicks(view.y0, view.y1, most).map((value) => ({ value, isMajor: true }));
  canvas.textAlign = 'right';
  canvas.textBaseline = 'middle';
  for (const { value } of ticks) {
    const y = Math.round(yPixel(view, value)) + 0.5;
    canvas.strokeStyle = ink.grid;
    line(canvas, 0, y, view.width, y);
    canvas.fillStyle = ink.soft;
    // A label this close to that of the zero row would overlap it.
    if (!view.isLog || plotHeight(view) - y > ZERO_LABEL_PX) canvas.fillText(formatDurationTick(value), -9, y);
  }
}

function drawZeroRow(canvas: CanvasRenderingContext2D, view: View, ink: Ink, label: string): void {
  const y = Math.round(view.height - ZERO_ROW_PX) + 0.5;
  canvas.strokeStyle = ink.line;
  canvas.setLineDash([3, 3]);
  line(canvas, 0, y, view.width, y);
  canvas.setLineDash([]);
  canvas.textAlign = 'right';
  canvas.textBaseline = 'middle';
  canvas.fillStyle = ink.soft;
  canvas.fillText(label, -9, view.height - ZERO_ROW_PX / 2);
}

function line(canvas: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  canvas.beginPath();
  canvas.moveTo(x0, y0);
  canvas.lineTo(x1, y1);
  canvas.stroke();
}
