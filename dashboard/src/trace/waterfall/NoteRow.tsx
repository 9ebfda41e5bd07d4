// Rows that are not a received span: one that says how many spans are hidden, and one for a missing parent.

import { ChevronDown, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

import { formatDuration } from '../../format/duration';
import { formatCount, plural } from '../../format/number';
import type { TraceModel } from '../model/traceModel';
import { partOf, ROW_PX, type TimeView } from './barParts';
import { indentOf } from './SpanRow';
import styles from './Treegrid.module.css';

type Props = { model: TraceModel; index: number; depth: number; isFocused: boolean };
type LineProps = Omit<Props, 'model'> & { chevron: ReactNode; time?: ReactNode; children: ReactNode; row?: number; isOpen?: boolean; setPosition: [position: number, of: number] };

function NoteLine({ index, depth, isFocused, chevron, time, children, row, isOpen = false, setPosition }: LineProps) {
  return (
    <div
      role="row"
      className={styles['row']}
      style={{ transform: `translateY(${index * ROW_PX}px)` }}
      data-index={index}
      data-row={row}
      data-note
      tabIndex={isFocused ? 0 : -1}
      aria-level={depth + 1}
      aria-rowindex={index + 2}
      aria-selected={false}
      aria-expanded={isOpen}
      aria-posinset={setPosition[0]}
      aria-setsize={setPosition[1]}
    >
      <div role="gridcell" className={styles['name']} style={{ paddingLeft: indentOf(depth) }}>
        <span className={styles['chevron']} data-toggle aria-hidden="true">
          {chevron}
        </span>
        {children}
      </div>
      <div role="gridcell" className={styles['line']}>
        {time}
      </div>
      <div role="gridcell" className={styles['number']} />
      <div role="gridcell" className={styles['number']} data-soft />
    </div>
  );
}

/** The number of a row among its siblings, and how many siblings there are. */
const setPositionOf = ({ forest }: TraceModel, row: number): [number, number] => [
  forest.position[row],
  forest.parent[row] < 0 ? forest.tops : forest.children[forest.parent[row]],
];

export function GapRow({ model, row, end, ...common }: Props & { row: number; end: number }) {
  return (
    <NoteLine {...common} chevron={<ChevronRight size={14} />} setPosition={setPositionOf(model, row)}>
      <span className={styles['hiddenNote']}>
        {plural(end - row, 'span')} hidden <u>show all</u>
      </span>
    </NoteLine>
  );
}

export function MissingRow({ model, row, isClosed, view, ...common }: Props & { row: number; isClosed: boolean; view: TimeView }) {
  const { columns, forest, below } = model;
  const reach = partOf(view, below.from[row], below.to[row]);
  return (
    <NoteLine
      {...common}
      row={row}
      isOpen={!isClosed}
      chevron={isClosed ? <ChevronRight size={14} /> : <ChevronDown size={14} />}
      setPosition={setPositionOf(model, row)}
      time={reach && <i className={styles['missingBar']} style={{ left: `${reach.left}%`, width: `${reach.width}%` }} title={`Its children take ${formatDuration(below.to[row] - below.from[row])}`} />}
    >
      <span className={styles['missingNote']} title={`No span with the id ${columns.ids[forest.spanOf[row]]} was received, but other spans name it as their parent.`}>
        missing span <code>{columns.ids[forest.spanOf[row]]}</code>
      </span>
      {isClosed && <span className={styles['count']}>{formatCount(forest.end[row] - row - 1)}</span>}
    </NoteLine>
  );
}
