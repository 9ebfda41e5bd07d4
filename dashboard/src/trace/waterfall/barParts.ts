// Computes the parts of a row's bar, in percent of the shown part of time. Pure.

import { endOf } from '../model/columns';
import type { PathSection } from '../model/criticalPath';
import { coveredParts } from '../model/times';
import type { TraceModel } from '../model/traceModel';

export type TimeView = { from: number; to: number };
export type BarPart = { left: number; width: number };
/** Pieces that were joined, and which share of the part they cover. */
export type JoinedPart = BarPart & { filled: number };

/** The height of a row, as in Treegrid.module.css: the smallest target size by WCAG 2.2. */
export const ROW_PX = 24;

export const percent = (view: TimeView, at: number): number => ((at - view.from) / (view.to - view.from)) * 100;

/** A stretch of time as a part, cut to the view; `null` where it is out of sight. */
export function partOf(view: TimeView, from: number, to: number): BarPart | null {
  if (to < view.from || from > view.to) return null;
  const left = Math.max(-1, percent(view, from));
  return { left, width: Math.min(101, percent(view, to)) - left };
}

/**
 * Joins pieces with less than a pixel between them; they have to be in the order of their starts. So a bar has at most as
 * many parts as pixels, however many spans there are, and no piece is left out.
 */
function joined(view: TimeView, widthPx: number, pieces: Iterable<PathSection>): JoinedPart[] {
  const pixel = 100 / Math.max(1, widthPx);
  const parts: JoinedPart[] = [];
  let last: JoinedPart | undefined;
  // Objects only for parts, not for pieces: there may be a hundred thousand of those.
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

/** The parts of a bar in which no child was running: the self time of the span. */
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

export function pathParts(sections: readonly PathSection[], view: TimeView, widthPx: number): BarPart[] {
  return joined(view, widthPx, sections);
}

/** The parts of time in which the spans of a group lie. */
export function groupParts(model: TraceModel, group: number, view: TimeView, widthPx: number): BarPart[] {
  return joined(view, widthPx, groupPieces(model, group));
}

function* groupPieces({ columns, forest, groups }: TraceModel, group: number): Generator<PathSection> {
  for (let row = groups.first[group]; row < groups.end[group]; row = forest.end[row]) {
    const span = forest.spanOf[row];
    yield { from: columns.start[span], to: endOf(columns, span) };
  }
}
