// How high a row is, and what its bar is made of, in percent of the shown part. Pure.

import type { PathSection } from '../model/criticalPath';
import { endOf } from '../model/columns';
import type { TraceModel } from '../model/traceModel';
import { coveredParts } from '../model/times';

export type TimeView = { from: number; to: number };
export type BarPart = { left: number; width: number };
/** Pieces that ran together, and which share of them there really is. */
export type JoinedPart = BarPart & { filled: number };

/** As in Treegrid.module.css, and the least size of a target by WCAG 2.2. */
export const ROW_PX = 24;

export const percent = (view: TimeView, at: number): number => ((at - view.from) / (view.to - view.from)) * 100;

/** Cut to the view; `null` where nothing of it is in sight. */
export function partOf(view: TimeView, from: number, to: number): BarPart | null {
  if (to < view.from || from > view.to) return null;
  const left = Math.max(-1, percent(view, from));
  return { left, width: Math.min(101, percent(view, to)) - left };
}

/**
 * Pieces in the order of their starts, as a column of `widthPx` can show them: where less than a pixel lies between
 * two, they are one. So a bar has never more of them than pixels, however many spans there are, and none is left out.
 */
function joined(view: TimeView, widthPx: number, pieces: Iterable<PathSection>): JoinedPart[] {
  const pixel = 100 / Math.max(1, widthPx);
  const parts: JoinedPart[] = [];
  let last: JoinedPart | undefined;
  // An object for each part, never for each piece: there may be a hundred thousand.
  for (const { from, to } of pieces) {
    if (to < view.from || from > view.to) continue;
    const left = Math.max(-1, percent(view, from));
    const right = Math.min(101, percent(view, to));
    const reached = last === undefined ? -Infinity : last.left + last.width;
    if (last === undefined || left - reached >= pixel) {
      last = { left, width: right - left, filled: right - left };
      parts.push(last);
    } else if (right > reached) {
      last.filled += right - Math.max(reached, left);
      last.width = right - last.left;
    }
  }
  for (const part of parts) part.filled = part.width > 0 ? Math.min(1, part.filled / part.width) : 1;
  return parts;
}

/** The parts of a bar in which only the span itself was at work. */
export function selfParts(model: TraceModel, row: number, view: TimeView, widthPx: number): JoinedPart[] {
  return joined(view, widthPx, freePieces(model, row));
}

function* freePieces({ columns, forest }: TraceModel, row: number): Generator<PathSection> {
  const span = forest.spanOf[row];
  let reached = columns.start[span];
  for (const [from, to] of coveredParts(columns, forest, row)) {
    if (from > reached) yield { from: reached, to: from };
    reached = to;
  }
  if (endOf(columns, span) > reached) yield { from: reached, to: endOf(columns, span) };
}

export function pathParts(segments: readonly PathSection[], view: TimeView, widthPx: number): BarPart[] {
  return joined(view, widthPx, segments);
}

/** Where the spans of a folded run lie. */
export function groupParts(model: TraceModel, group: number, view: TimeView, widthPx: number): BarPart[] {
  return joined(view, widthPx, groupPieces(model, group));
}

function* groupPieces({ columns, forest, groups }: TraceModel, group: number): Generator<PathSection> {
  for (let row = groups.first[group]; row < groups.end[group]; row = forest.end[row]) {
    const span = forest.spanOf[row];
    yield { from: columns.start[span], to: endOf(columns, span) };
  }
}
