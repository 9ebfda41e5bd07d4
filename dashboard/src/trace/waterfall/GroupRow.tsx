// The row of a group: one line for a long run of equal siblings.

import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo } from 'react';

import { formatDuration } from '../../format/duration';
import { formatCount } from '../../format/number';
import { serviceColour } from '../../theme/palette';
import { useTheme } from '../../theme/theme';
import { serviceName, serviceNumber } from '../../traces/services';
import { operationOf } from '../model/columns';
import type { TraceModel } from '../model/traceModel';
import { GroupBar } from './Bar';
import { ROW_PX } from './barParts';
import { indentOf } from './SpanRow';
import styles from './Treegrid.module.css';

type Props = { model: TraceModel; group: number; index: number; depth: number; isOpen: boolean; isFocused: boolean; from: number; to: number; widthPx: number };

export const GroupRow = memo(function GroupRow({ model, group, index, depth, isOpen, isFocused, from, to, widthPx }: Props) {
  const { columns, forest, groups } = model;
  const first = groups.first[group];
  const span = forest.spanOf[first];
  const above = forest.parent[first];
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
      aria-selected={false}
      aria-setsize={above < 0 ? forest.tops : forest.children[above]}
      aria-posinset={forest.position[first]}
    >
      <div role="gridcell" className={styles['name']} style={{ paddingLeft: indentOf(depth) }}>
        <span className={styles['chevron']} data-toggle aria-hidden="true">
          {isOpen ? <ChevronDown size={14} /> : <ChevronRight size={14} />}
        </span>
        <span className={styles['colour']} style={{ background: colour }} aria-hidden="true" />
        <span className={styles['times']}>× {formatCount(size)}</span>
        <span className={styles['service']}>{serviceName(columns.service[span])}</span>
        <span className={styles['operation']} title={operationOf(columns, span)}>{operationOf(columns, span)}</span>
      </div>
      <div role="gridcell" className={styles['line']}>
        <GroupBar model={model} group={group} view={{ from, to }} widthPx={widthPx} colour={colour} />
      </div>
      <div role="gridcell" className={styles['number']}>
        {formatDuration(groups.total[group])}
      </div>
      <div role="gridcell" className={styles['number']} data-soft />
    </div>
  );
});
