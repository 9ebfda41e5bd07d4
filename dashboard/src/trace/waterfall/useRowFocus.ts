// Keeps the keyboard focus on one row while rows come and go.

import { useLayoutEffect, useRef, type RefObject } from 'react';

import type { TraceModel } from '../model/traceModel';
import { ROW_PX } from './barParts';
import type { ShownRows } from './shownRows';
import type { FocusRequest } from './useWaterfall';

export type RowFocus = { index: number; request: FocusRequest };

export function useRowFocus(boxRef: RefObject<HTMLElement | null>, headPx: number, model: TraceModel, shown: ShownRows, focus: RowFocus): void {
  // Read before the rows change, because the browser drops the focus together with the row that had it.
  const hadFocus = boxRef.current?.contains(document.activeElement) === true;
  const before = useRef({ model, shown, index: focus.index });
  // At first the selected row is scrolled into sight, but not focused.
  // oxlint-disable-next-line react/exhaustive-deps
  useLayoutEffect(() => reveal(boxRef.current!, headPx, focus.index), []);
  useLayoutEffect(() => {
    const box = boxRef.current!;
    const last = before.current;
    before.current = { model, shown, index: focus.index };
    if (last.shown === shown) return;
    // New spans do not move the focused row on the screen. After an action of the reader it is scrolled into sight.
    if (last.model !== model) box.scrollTop += (focus.index - last.index) * ROW_PX;
    else if (hadFocus) reveal(box, headPx, focus.index);
    if (hadFocus) focusRow(box, focus.index);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [model, shown]);
  useLayoutEffect(() => {
    const { number, reveals } = focus.request;
    if (number === 0) return;
    if (reveals) reveal(boxRef.current!, headPx, focus.index);
    focusRow(boxRef.current!, focus.index);
    // Only a request moves the focus, not a change of rows.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [focus.request]);
}

/** Scrolls a row into sight: not under the header, and with one more row beside it. */
function reveal(box: HTMLElement, headPx: number, index: number): void {
  const top = index * ROW_PX;
  const room = box.clientHeight - headPx - ROW_PX;
  if (top < box.scrollTop) box.scrollTop = Math.max(0, top - ROW_PX);
  else if (top > box.scrollTop + room) box.scrollTop = top - room + ROW_PX;
}

function focusRow(box: HTMLElement, index: number): void {
  box.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
}
