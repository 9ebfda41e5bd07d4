// The waterfall: an ARIA tree grid. Only the rows in sight exist in the page.

import { useEffect, useRef, type KeyboardEvent, type MouseEvent } from 'react';

import { mark } from '../../perf/perf';
import { isShortcut } from '../../ui/shortcuts';
import { useVirtualRows } from '../../ui/useVirtualRows';
import { eventTimes } from './eventTimes';
import { isNamed } from '../model/find';
import { GroupRow } from './GroupRow';
import { isMissingSpan } from '../model/missing';
import type { TraceModel } from '../model/traceModel';
import type { LoadedTrace } from '../model/loading';
import { GapRow, MissingRow } from './NoteRow';
import { ROW_PX } from './barParts';
import { Ruler, TimeLines } from './Ruler';
import { SpanRow } from './SpanRow';
import { findTyped, TypeAhead } from './typeAhead';
import { useColumnWidth } from './useColumnWidth';
import { useRowFocus, type RowFocus } from './useRowFocus';
import { useSpansInSight } from './useSpansInSight';
import { useTimelinePointer } from './useTimelinePointer';
import styles from './Treegrid.module.css';
import { groupOfCode, isGap, rowOfGap, type ShownRows } from './shownRows';
import { matchReasonLine, findMatchReason } from '../model/matchReason';

const HEAD_PX = 30;

export type TreegridProps = {
  loaded: LoadedTrace;
  model: TraceModel;
  shown: ShownRows;
  closed: Uint8Array;
  unfolded: ReadonlySet<number>;
  /** The shown row that has the focus. */
  focus: RowFocus;
  selectedRow: number;
  matches: Uint8Array | null;
  /** The searched text. */
  find: string;
  dimsOthers: boolean;
  showsPath: boolean;
  /** The shown part of time, in ns from the base of the columns. */
  view: { from: number; to: number };
  nameShare: number;
  onFocus: (index: number) => void;
  onToggle: (code: number, isOpen?: boolean) => void;
  onSelect: (row: number) => void;
  onZoom: (at: number, factor: number) => void;
};

export function Treegrid(grid: TreegridProps) {
  const boxRef = useRef<HTMLDivElement>(null);
  const { shown, focus, model } = grid;
  const { first, last } = useVirtualRows(boxRef, shown.count, ROW_PX, HEAD_PX);
  useRowFocus(boxRef, HEAD_PX, model, shown, focus);
  useTimelinePointer(boxRef, grid.view, grid.onZoom);
  const measuredPx = useColumnWidth(boxRef);
  const widthPx = measuredPx ?? 1;
  const time = { from: grid.view.from - model.extent.from, to: grid.view.to - model.extent.from, widthPx };
  const isMeasured = measuredPx !== null;
  useEffect(() => {
    if (isMeasured) mark('rows');
  }, [model, isMeasured]);

  const indices = !isMeasured ? [] : Array.from({ length: last - first }, (_, at) => first + at);
  // The row with the focus always exists, or the browser would drop the focus.
  if (isMeasured && focus.index < shown.count && (focus.index < first || focus.index >= last)) indices.push(focus.index);
  const inSight = indices.map((index) => shown.code[index]).filter((code) => code >= 0);
  useSpansInSight(grid.loaded, inSight.map((row) => model.forest.spanOf[row]));
  const typing = useRef(new TypeAhead());

  return (
    <div
      ref={boxRef}
      role="treegrid"
      aria-label="Spans of the trace"
      aria-rowcount={shown.count + 1}
      aria-colcount={4}
      className={styles['grid']}
      style={{ '--name-width': `${grid.nameShare}%` } as React.CSSProperties}
      onKeyDown={(event) => onKey(event, grid, typing.current)}
      onClick={(event) => onClick(event, grid)}
      data-testid="treegrid"
    >
      <div role="rowgroup" className={styles['headGroup']}>
        <div role="row" className={styles['head']} aria-rowindex={1}>
          <div role="columnheader">Span</div>
          <div role="columnheader" aria-label="Time">
            <Ruler {...time} />
          </div>
          <div role="columnheader" className={styles['number']}>
            Duration
          </div>
          <div role="columnheader" className={styles['number']}>
            Self
          </div>
        </div>
      </div>
      <div role="rowgroup" className={styles['rows']} style={{ height: shown.count * ROW_PX }}>
        <TimeLines {...time} />
        {indices.map((index) => (
          <AnyRow key={shown.code[index]} grid={grid} index={index} widthPx={widthPx} />
        ))}
      </div>
    </div>
  );
}

function AnyRow({ grid, index, widthPx }: { grid: TreegridProps; index: number; widthPx: number }) {
  const { loaded, model, shown, closed, unfolded, focus, selectedRow, matches, dimsOthers, showsPath, view } = grid;
  const code = shown.code[index];
  const note = { model, index, depth: shown.depth[index], isFocused: focus.index === index };
  const common = { ...note, from: view.from, to: view.to, widthPx };
  if (isGap(code)) return <GapRow {...note} row={rowOfGap(code)} end={shown.gaps.get(rowOfGap(code))!} />;
  if (code < 0) return <GroupRow {...common} group={groupOfCode(code)} isOpen={unfolded.has(groupOfCode(code))} />;
  if (isNote(code, grid)) return <MissingRow {...note} row={code} isClosed={closed[code] === 1} view={view} />;
  const isMatch = matches !== null && matches[code] === 1;
  return (
    <SpanRow
      {...common}
      row={code}
      isClosed={closed[code] === 1}
      isSelected={selectedRow === code}
      isMatch={isMatch}
      why={isMatch ? reasonShown(grid, model.forest.spanOf[code]) : ''}
      isDimmed={matches !== null && dimsOthers && !isMatch}
      showsPath={showsPath}
      events={eventTimes(loaded.known(model.forest.spanOf[code]))}
    />
  );
}

/** The attribute that has the searched text, where the names of the span have not. */
function reasonShown({ loaded, model, find }: TreegridProps, span: number): string {
  if (find.trim() === '' || isNamed(model.columns, span, find)) return '';
  const known = loaded.known(span);
  const why = known === undefined ? null : findMatchReason(known, find);
  return why === null ? '' : matchReasonLine(why, find);
}

function indexOfEvent(event: { target: EventTarget }): number {
  const row = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
  return row ? Number(row.dataset['index']) : -1;
}

function onClick(event: MouseEvent, grid: TreegridProps): void {
  const index = indexOfEvent(event);
  if (index < 0) return;
  const code = grid.shown.code[index];
  grid.onFocus(index);
  if (isNote(code, grid) || (event.target as HTMLElement).closest('[data-toggle]')) grid.onToggle(code);
  else grid.onSelect(code);
}

function onKey(event: KeyboardEvent, grid: TreegridProps, typing: TypeAhead): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const index = indexOfEvent(event);
  if (index < 0) return;
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
const isNote = (code: number, { model }: TreegridProps): boolean => code < 0 || isMissingSpan(model.columns, model.forest.spanOf[code]);
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
