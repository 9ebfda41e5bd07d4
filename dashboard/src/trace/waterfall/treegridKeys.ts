// Handles the keyboard on the rows of the tree grid, by ARIA's pattern for tree grids, and type-ahead.

import type { KeyboardEvent } from 'react';

import { isShortcut } from '../../ui/shortcuts';
import { isMissingSpan } from '../model/missing';
import { groupOfCode } from './shownRows';
import type { TreegridProps } from './treegridProps';
import { findTyped, type TypeAhead } from './typeAhead';

/** Handles a key on the row with an index. */
export function handleRowKey(event: KeyboardEvent, index: number, grid: TreegridProps, typing: TypeAhead): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (goTyped(event.key, index, grid, typing) || move(event.key, index, grid) || act(event.key, grid.shown.code[index], index, grid)) event.preventDefault();
}

/** A letter that is no shortcut begins a word. Keys that follow soon belong to the word, even shortcuts. */
function goTyped(key: string, index: number, { model, shown, onFocus }: TreegridProps, typing: TypeAhead): boolean {
  const text = typing.type(key, performance.now(), !isShortcut(key));
  if (text === null) return false;
  const found = findTyped(model, shown, index, text);
  if (found >= 0) onFocus(found);
  return true;
}

function move(key: string, index: number, { shown, onFocus }: TreegridProps): boolean {
  const page = 20;
  const target = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: shown.count - 1, PageUp: index - page, PageDown: index + page }[key];
  if (target === undefined) return false;
  onFocus(Math.min(Math.max(0, target), shown.count - 1));
  return true;
}

function act(key: string, code: number, index: number, grid: TreegridProps): boolean {
  if (key === 'Enter' || key === ' ') {
    if (isNote(code, grid)) grid.onToggle(code);
    else grid.onSelect(code);
    return true;
  }
  if (key === 'ArrowRight') return openOrEnter(code, index, grid);
  if (key === 'ArrowLeft') return closeOrLeave(code, index, grid);
  return false;
}

/** Whether a row cannot be selected, only opened and closed. */
export const isNote = (code: number, { model }: TreegridProps): boolean => code < 0 || isMissingSpan(model.columns, model.forest.spanOf[code]);
const isOpen = (code: number, { closed, unfolded }: TreegridProps): boolean => (code < 0 ? unfolded.has(groupOfCode(code)) : closed[code] === 0);
const canOpen = (code: number, { model }: TreegridProps): boolean => code < 0 || model.forest.children[code] > 0;

function openOrEnter(code: number, index: number, grid: TreegridProps): boolean {
  if (!canOpen(code, grid)) return true;
  if (isOpen(code, grid)) grid.onFocus(Math.min(index + 1, grid.shown.count - 1));
  else grid.onToggle(code, true);
  return true;
}

/** Closes an open row; from any other row the focus goes to its parent. */
function closeOrLeave(code: number, index: number, grid: TreegridProps): boolean {
  if (canOpen(code, grid) && isOpen(code, grid)) {
    grid.onToggle(code, false);
    return true;
  }
  const { depth } = grid.shown;
  let above = index - 1;
  while (above >= 0 && depth[above] >= depth[index]) above -= 1;
  if (above >= 0) grid.onFocus(above);
  return true;
}
