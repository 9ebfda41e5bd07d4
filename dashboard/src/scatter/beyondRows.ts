// Draws hatched rows at the edges of the chart that say how many traces lie beyond them.

import { formatCount } from '../format/number';
import type { Ink } from './axes';
import { plotHeight, type View } from './view';

const ROW_PX = 16;
const HATCH_PX = 7;
const LABEL_AIR_PX = 6;

export function paintBeyond(context: CanvasRenderingContext2D, view: View, ink: Ink, { above, below }: { above: number; below: number }): void {
  if (above > 0) paintRow(context, view.width, 0, ink, `▲ ${formatCount(above)} longer`);
  if (below > 0) paintRow(context, view.width, plotHeight(view) - ROW_PX, ink, `▼ ${formatCount(below)} shorter`);
}

function paintRow(context: CanvasRenderingContext2D, width: number, top: number, ink: Ink, label: string): void {
  context.save();
  context.beginPath();
  context.rect(0, top, width, ROW_PX);
  context.clip();
  context.fillStyle = ink.grid;
  context.fillRect(0, top, width, ROW_PX);
  context.strokeStyle = ink.line;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let x = -ROW_PX; x < width; x += HATCH_PX) {
    context.moveTo(x, top + ROW_PX);
    context.lineTo(x + ROW_PX, top);
  }
  context.stroke();
  context.font = ink.font;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const half = context.measureText(label).width / 2 + LABEL_AIR_PX;
  context.fillStyle = ink.grid;
  context.fillRect(width / 2 - half, top, 2 * half, ROW_PX);
  context.fillStyle = ink.text;
  context.fillText(label, width / 2, top + ROW_PX / 2 + 0.5);
  context.restore();
}
