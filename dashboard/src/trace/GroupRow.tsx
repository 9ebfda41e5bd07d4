// One line for a long run of siblings that are alike.

import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo } from 'react';

import { formatDuration } from '../format/duration';
import { formatCount } from '../format/number';
import { serviceColour } from '../theme/palette';
import { useTheme } from '../theme/theme';
import { serviceName, serviceNumber } from '../traces/services';
import { endOf, operationOf } from './columns';
import type { TraceModel } from './model';
import { partOf, ROW_PX, type View } from './rowParts';
import { indentOf } from './SpanRow';
import styles from './Treegrid.module.css';

type Props = { model: TraceModel; group: number; index: number; depth: number; isOpen: boolean; isFocused: boolean; from: number; to: number };

/** Limit: a stripe of so many pieces is as fine as the screen. */
const STRIPES_MAX = 120;

export const GroupRow = memo(function GroupRow({ model, group, index, depth, isOpen, isFocused, from, to }: Props) {
  const { columns, forest, groups } = model;
  const span = forest.spanOf[groups.first[group]];
  const colour = serviceColour(serviceNumber(columns.service[span]), useTheme());
  const size = groups.size[group];
  return (
    <div
      role="row"
      className={styles['row']}
      style={{ transform: `translateY(${index * ROW_PX}px)` }}
      data-group={group}
      data-index={index}
      tabIndex={isFocused ? 0 : -1}
      aria-level={depth + 1}
      aria-rowindex={index + 2}
      aria-expanded={isOpen}
    >
      <div role="gridcell" className={styles['name']} style={{ paddingLeft: indentOf(depth) }}>
        <span className={styles['chevron']} data-toggle aria-hidden="true">
          {isOpen ? <ChevronDown size={14} /> : <ChevronRight size={14} />}
        </span>
        <span className={styles['colour']} style={{ background: colour }} aria-hidden="true" />
        <span className={styles['times']}>× {formatCount(size)}</span>
        <span className={styles['service']}>{serviceName(columns.service[span])}</span>
        <span className={styles['operation']}>{operationOf(columns, span)}</span>
      </div>
      <div role="gridcell" className={styles['line']}>
        {stripes(model, group, { from, to }).map((part) => (
          <i key={part.left} className={styles['stripe']} style={{ left: `${part.left}%`, width: `${part.width}%`, background: colour }} />
        ))}
        <b className={styles['groupText']}>
          avg {formatDuration(groups.total[group] / size)}, max {formatDuration(groups.longest[group])}
        </b>
      </div>
      <div role="gridcell" className={styles['number']}>
        {formatDuration(groups.total[group])}
      </div>
      <div role="gridcell" className={styles['number']} data-soft />
    </div>
  );
});

/** Where its spans lie; close ones run together. */
function stripes({ columns, forest, groups }: TraceModel, group: number, view: View) {
  const parts: { left: number; width: number }[] = [];
  for (let row = groups.first[group]; row < groups.end[group]; row = forest.end[row]) {
    const span = forest.spanOf[row];
    const part = partOf(view, columns.start[span], endOf(columns, span));
    if (part === null) continue;
    const last = parts[parts.length - 1];
    const isClose = last !== undefined && part.left - last.left - last.width < 100 / STRIPES_MAX;
    if (isClose) last.width = Math.max(last.width, part.left + part.width - last.left);
    else parts.push(part);
  }
  return parts.slice(0, STRIPES_MAX);
}
