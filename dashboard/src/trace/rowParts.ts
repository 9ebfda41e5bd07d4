// How high a row is, and what its bar is made of, in percent of the shown part. Pure.

import type { Segment } from './criticalPath';
import type { TraceModel } from './model';
import { coveredParts } from './times';

export type View = { from: number; to: number };
export type Part = { left: number; width: number };

/** As in Treegrid.module.css, and the least size of a target by WCAG 2.2. */
export const ROW_PX = 24;

/** Limit: more pieces of a bar than this are not told apart. */
const PARTS_MAX = 40;

export const percent = (view: View, at: number): number => ((at - view.from) / (view.to - view.from)) * 100;

/** Cut to the view; `null` where nothing of it is in sight. */
export function partOf(view: View, from: number, to: number): Part | null {
  if (to < view.from || from > view.to) return null;
  const left = Math.max(-1, percent(view, from));
  return { left, width: Math.min(101, percent(view, to)) - left };
}

/** The parts of a bar in which only the span itself was at work. */
export function selfParts(model: TraceModel, row: number, view: View): Part[] {
  const { columns, forest } = model;
  const span = forest.spanOf[row];
  let reached = columns.start[span];
  const end = reached + columns.duration[span];
  const parts: Part[] = [];
  const add = (from: number, to: number) => {
    const part = to > from ? partOf(view, from, to) : null;
    if (part !== null && parts.length < PARTS_MAX) parts.push(part);
  };
  for (const [from, to] of coveredParts(columns, forest, row)) {
    add(reached, from);
    reached = to;
  }
  add(reached, end);
  return parts;
}

export function pathParts(segments: readonly Segment[], view: View): Part[] {
  const parts: Part[] = [];
  for (const { from, to } of segments) {
    const part = partOf(view, from, to);
    if (part !== null && parts.length < PARTS_MAX) parts.push(part);
  }
  return parts;
}
