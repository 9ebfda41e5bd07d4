// The waterfall: an ARIA tree grid. Only the rows in sight exist in the page.

import { useEffect, useRef, type KeyboardEvent, type MouseEvent } from 'react';

import { mark } from '../../perf/perf';
import { useVirtualRows } from '../../ui/useVirtualRows';
import { isNamed } from '../model/find';
import { matchReasonLine, findMatchReason } from '../model/matchReason';
import { ROW_PX } from './barParts';
import { eventTimes } from './eventTimes';
import { GroupRow } from './GroupRow';
import { GapRow, MissingRow } from './NoteRow';
import { Ruler, TimeLines } from './Ruler';
import { groupOfCode, isGap, rowOfGap } from './shownRows';
import { SpanRow } from './SpanRow';
import styles from './Treegrid.module.css';
import { handleRowKey, isNote } from './treegridKeys';
import type { TreegridProps } from './treegridProps';
import { TypeAhead } from './typeAhead';
import { useColumnWidth } from './useColumnWidth';
import { useRowFocus } from './useRowFocus';
import { useSpansInSight } from './useSpansInSight';
import { useTimelinePointer } from './useTimelinePointer';

const HEAD_PX = 30;

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
      onKeyDown={(event) => onKeyDown(event, grid, typing.current)}
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

function onKeyDown(event: KeyboardEvent, grid: TreegridProps, typing: TypeAhead): void {
  const index = indexOfEvent(event);
  if (index >= 0) handleRowKey(event, index, grid, typing);
}
