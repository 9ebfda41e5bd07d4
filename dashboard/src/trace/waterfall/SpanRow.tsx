// The row of a span in the waterfall.

import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo } from 'react';

import { formatDuration, speakDuration } from '../../format/duration';
import { formatCount, plural } from '../../format/number';
import { serviceColour } from '../../theme/palette';
import { useTheme } from '../../theme/theme';
import { serviceName, serviceNumber } from '../../traces/services';
import { ErrorMark } from '../../ui/ErrorMark';
import { isError, operationOf } from '../model/columns';
import { ROLE } from '../model/forest';
import { skewOf } from '../model/times';
import type { TraceModel } from '../model/traceModel';
import { kindGlyph, kindName } from '../model/values';
import { Bar } from './Bar';
import { ROW_PX } from './barParts';
import styles from './Treegrid.module.css';

export type RowProps = {
  model: TraceModel;
  row: number;
  index: number;
  depth: number;
  isClosed: boolean;
  isSelected: boolean;
  isFocused: boolean;
  isMatch: boolean;
  /** The attribute that has the searched text, as a short line. */
  why: string;
  isDimmed: boolean;
  showsPath: boolean;
  /** The times of its events, in ns from its start. */
  events: readonly number[] | undefined;
  from: number;
  to: number;
  /** The width of the time column. */
  widthPx: number;
};

/** Limit: deeper levels are not indented further. */
const INDENT_LEVELS_MAX = 24;
export const INDENT_PX = 14;
export const indentOf = (depth: number): number => Math.min(depth, INDENT_LEVELS_MAX) * INDENT_PX;

export const SpanRow = memo(function SpanRow(props: RowProps) {
  const { model, row, index, depth, isClosed, isSelected, isFocused, isMatch, why, isDimmed, showsPath, events, from, to, widthPx } = props;
  const { columns, forest } = model;
  const span = forest.spanOf[row];
  const hasChildren = forest.children[row] > 0;
  const failed = isError(columns, span);
  const above = forest.parent[row];
  const role = forest.role[row];
  const colour = serviceColour(serviceNumber(columns.service[span]), useTheme());
  return (
    <div
      role="row"
      className={styles['row']}
      style={{ transform: `translateY(${index * ROW_PX}px)` }}
      data-row={row}
      data-index={index}
      data-failed={failed || undefined}
      data-match={isMatch || undefined}
      data-dimmed={isDimmed || undefined}
      data-odd={role === ROLE.orphan || role === ROLE.cycle || undefined}
      tabIndex={isFocused ? 0 : -1}
      aria-level={depth + 1}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-setsize={above < 0 ? forest.tops : forest.children[above]}
      aria-posinset={forest.position[row]}
      {...(hasChildren ? { 'aria-expanded': !isClosed } : {})}
    >
      <div role="gridcell" className={styles['name']} style={{ paddingLeft: indentOf(depth) }}>
        {hasChildren ? (
          <span className={styles['chevron']} data-toggle aria-hidden="true">
            {isClosed ? <ChevronRight size={14} /> : <ChevronDown size={14} />}
          </span>
        ) : (
          <span className={styles['chevron']} />
        )}
        <span className={styles['colour']} style={{ background: colour }} aria-hidden="true" />
        {failed && <ErrorMark hiddenText="error" />}
        <span className={styles['service']}>{serviceName(columns.service[span])}</span>
        <Kind kind={columns.kind[span]} />
        <span className={styles['operation']} title={operationOf(columns, span)}>{operationOf(columns, span) || '(no name)'}</span>
        {isClosed && <span className={styles['count']}>{formatCount(forest.end[row] - row - 1)}</span>}
        {columns.events[span] > 0 && <span className={styles['count']} title={plural(columns.events[span], 'event')}>✎ {columns.events[span]}</span>}
        {why !== '' && <span className={styles['why']} title={why}>{why}</span>}
        <Oddness model={model} row={row} />
      </div>
      <div role="gridcell" className={styles['line']}>
        <Bar model={model} row={row} view={{ from, to }} widthPx={widthPx} colour={colour} showsPath={showsPath} isClosed={isClosed} events={events} />
      </div>
      <div role="gridcell" className={styles['number']}>
        <span aria-hidden="true">{formatDuration(columns.duration[span])}</span>
        <span className="visually-hidden">{speakDuration(columns.duration[span])}</span>
      </div>
      <div role="gridcell" className={styles['number']} data-soft>
        {formatDuration(model.self[row])}
      </div>
    </div>
  );
});

function Kind({ kind }: { kind: number }) {
  const glyph = kindGlyph(kind);
  if (glyph === '') return null;
  return (
    <span className={styles['kind']} title={kindName(kind)}>
      <span aria-hidden="true">{glyph}</span>
      <span className="visually-hidden">{kindName(kind)}</span>
    </span>
  );
}

/** Says where a span does not fit into a tree; it is not corrected silently. */
function Oddness({ model, row }: { model: TraceModel; row: number }) {
  const role = model.forest.role[row];
  const skew = skewOf(model.columns, model.forest, row);
  if (role === ROLE.orphan) return <span className={styles['odd']} title="parent is missing">parent is missing</span>;
  if (role === ROLE.cycle) return <span className={styles['odd']}>its parents form a cycle</span>;
  if (skew > 0) return <span className={styles['odd']} title="Clocks differ, or the parent was recorded late.">starts {formatDuration(skew)} before its parent</span>;
  return null;
}
