// Draws the minimap: a line for each span, marks for errors and matches, and the critical path below them.

import { ERROR_COLOURS, serviceColour, type ThemeName } from '../../theme/palette';
import { serviceNumber } from '../../traces/services';
import { endOf, isError } from '../model/columns';
import { isMissingSpan } from '../model/missing';
import type { TraceModel } from '../model/traceModel';

/** The lowest pixels belong to the critical path. */
const PATH_PX = 5;
const TICK_PX = { width: 3, height: 7 };

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
  const { columns, forest, drawn } = model;
  const { width, height } = size;
  context.clearRect(0, 0, width, height);
  const room = height - PATH_PX - 2;
  const perRow = Math.min(4, room / forest.count);
  const thick = Math.max(1, perRow - (perRow > 2 ? 1 : 0));
  const perNs = width / (drawn.to - drawn.from);
  // Spans without length are visible too; in a trace of one instant they are wide enough to be seen between the handles.
  const least = model.extent.to > model.extent.from ? 1 : 3;
  const put = (row: number, colour: string, extra: number) => {
    const span = forest.spanOf[row];
    const x = (columns.start[span] - drawn.from) * perNs;
    const wide = Math.max(least + extra, (endOf(columns, span) - columns.start[span]) * perNs);
    context.fillStyle = colour;
    context.fillRect(x - (least - 1) / 2, row * perRow, wide, thick + extra);
  };
  const marked: number[] = [];
  const failed: number[] = [];
  for (let row = 0; row < forest.count; row += 1) {
    const span = forest.spanOf[row];
    if (isMissingSpan(columns, span)) continue;
    put(row, serviceColour(serviceNumber(columns.service[span]), theme), 0);
    if (matches?.[row] === 1) marked.push(row);
    if (isError(columns, span)) failed.push(row);
  }
  // Marks are drawn last, so that no span of a large trace hides them.
  for (const row of marked) put(row, ink.mark, 1);
  context.fillStyle = ERROR_COLOURS[theme].fill;
  for (const row of failed) {
    // A tick at the end of the span, where it failed: a line as long as the span would hide other spans.
    const x = (endOf(columns, forest.spanOf[row]) - drawn.from) * perNs;
    const y = row * perRow + thick / 2 - TICK_PX.height / 2;
    context.fillRect(Math.max(0, x - TICK_PX.width), Math.max(0, y), TICK_PX.width, TICK_PX.height);
  }
  if (!showsPath) return;
  context.fillStyle = ink.text;
  for (const [row, sections] of model.path) {
    if (row === model.root) continue;
    for (const { from, to } of sections) context.fillRect((from - drawn.from) * perNs, height - PATH_PX, Math.max(1, (to - from) * perNs), 2);
  }
}
