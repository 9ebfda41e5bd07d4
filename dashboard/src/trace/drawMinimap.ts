// All spans of the trace on a strip: a line each, errors and matches marked, the critical path below.

import { ERROR_COLOURS, serviceColour, type ThemeName } from '../theme/palette';
import { serviceNumber } from '../traces/services';
import { endOf, isError } from './columns';
import { isMissingSpan } from './missing';
import type { TraceModel } from './model';

/** The lowest pixels belong to the critical path. */
const PATH_PX = 5;

export type MinimapInk = { text: string; mark: string };

export function drawMinimap(
  context: CanvasRenderingContext2D,
  size: { width: number; height: number },
  model: TraceModel,
  theme: ThemeName,
  ink: MinimapInk,
  matches: Uint8Array | null,
  showsPath: boolean,
): void {
  const { columns, forest, extent } = model;
  const { width, height } = size;
  context.clearRect(0, 0, width, height);
  const room = height - PATH_PX - 2;
  const perRow = Math.min(4, room / forest.count);
  const thick = Math.max(1, perRow - (perRow > 2 ? 1 : 0));
  const perNs = width / (extent.to - extent.from);
  const rect = (row: number, colour: string, extra = 0) => {
    const span = forest.spanOf[row];
    const x = (columns.start[span] - extent.from) * perNs;
    const wide = Math.max(1 + extra, (endOf(columns, span) - columns.start[span]) * perNs);
    context.fillStyle = colour;
    context.fillRect(x, row * perRow, wide, thick + extra);
  };
  const marked: number[] = [];
  for (let row = 0; row < forest.count; row += 1) {
    const span = forest.spanOf[row];
    if (isMissingSpan(columns, span)) continue;
    rect(row, serviceColour(serviceNumber(columns.service[span]), theme));
    if (isError(columns, span) || matches?.[row] === 1) marked.push(row);
  }
  // Marks come above the rest, or a large trace would hide them.
  for (const row of marked) rect(row, isError(columns, forest.spanOf[row]) ? ERROR_COLOURS[theme].fill : ink.mark, 1);
  if (!showsPath) return;
  context.fillStyle = ink.text;
  for (const [row, segments] of model.path) {
    if (row === model.root) continue;
    for (const { from, to } of segments) context.fillRect((from - extent.from) * perNs, height - PATH_PX, Math.max(1, (to - from) * perNs), 2);
  }
}
