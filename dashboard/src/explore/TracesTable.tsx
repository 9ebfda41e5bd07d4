// The table of the traces that the chart shows.

import { memo, useLayoutEffect, useRef } from 'react';

import { formatDuration } from '../format/duration';
import { countApart, formatCount, plural } from '../format/number';
import { formatLocal } from '../format/time';
import { useLive } from '../live/LiveContext';
import { Swatch } from '../theme/Swatch';
import { msOfOffset } from '../traces/clock';
import { FLAG_ERROR, FLAG_ROOTLESS } from '../traces/delta';
import { serviceName } from '../traces/services';
import type { TraceTable } from '../traces/table';
import { ErrorMark } from '../ui/ErrorMark';
import { LocalLink } from '../ui/LocalLink';
import { RootlessMark } from '../ui/RootlessMark';
import { useVirtualRows } from '../ui/useVirtualRows';
import { hrefWith, pushUrl, useUrl } from '../url/location';
import type { SortKey } from '../url/state';
import { openTrace } from './openTrace';
import type { OverviewSummary } from './overviewSummary';
import styles from './TracesTable.module.css';

const ROW_PX = 30;
/** Bars grow with the logarithm of the duration: beside one long trace all other bars would vanish. */
const BAR_PX = 72;
/** The shortest trace still has a visible bar. */
const SHARE_MIN = 0.04;
/** Limit: while traces arrive, all of these rows are rendered each second. */
const OVERSCAN_ROWS = 2;

/** How far the table was scrolled when it was left, to restore it. */
let scrolledTo = 0;

/** The first click on a text column sorts it from A to Z, on any other column from the largest value down. */
const COLUMNS: { key: SortKey; name: string; isNumber?: boolean; isText?: boolean }[] = [
  { key: 'start', name: 'Start' },
  { key: 'service', name: 'Service', isText: true },
  { key: 'operation', name: 'Operation', isText: true },
  { key: 'duration', name: 'Duration', isNumber: true },
  { key: 'spans', name: 'Spans', isNumber: true },
];

/** Memoised, because the numbers above it change more often than its rows. */
export const TracesTable = memo(function TracesTable({ top: { slots, count, rootless } }: { top: OverviewSummary['top'] }) {
  const url = useUrl();
  const { table } = useLive();
  const boxRef = useRef<HTMLDivElement>(null);
  const { first, last } = useVirtualRows(boxRef, slots.length, ROW_PX, ROW_PX, OVERSCAN_ROWS);
  useLayoutEffect(() => {
    const box = boxRef.current!;
    box.scrollTop = scrolledTo;
    return () => {
      scrolledTo = box.scrollTop;
    };
  }, []);
  const hrefOf = traceHrefs();
  const share = durationShares(table, slots);

  return (
    <section aria-labelledby="traces-title" className={styles['section']} id="traces">
      <div className={styles['head']}>
        <h2 id="traces-title">{url.selection ? 'Traces in the box' : 'Traces in view'}</h2>
        <p className={styles['count']} data-testid="table-count">
          {slots.length < count && `the first ${formatCount(slots.length)} of `}
          {countApart(count - rootless, rootless)}
        </p>
        {url.selection && (
          <button type="button" className={styles['clear']} onClick={() => pushUrl({ selection: null })}>
            Clear the box
          </button>
        )}
      </div>
      <div ref={boxRef} className={styles['box']} tabIndex={0} role="region" aria-label="Table of traces">
        <table className={styles['table']} aria-rowcount={slots.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              {COLUMNS.map((column) => (
                <SortHeader key={column.key} column={column} />
              ))}
            </tr>
          </thead>
          <tbody>
            {first > 0 && <Gap rows={first} />}
            {slots.slice(first, last).map((slot, at) => (
              <TraceRow key={table.ids[slot]} slot={slot} href={hrefOf(table.ids[slot])} index={first + at} share={share(table.duration[slot])} />
            ))}
            {last < slots.length && <Gap rows={slots.length - last} />}
          </tbody>
        </table>
      </div>
    </section>
  );
});

function SortHeader({ column: { key, name, isNumber, isText } }: { column: (typeof COLUMNS)[number] }) {
  const { sort } = useUrl();
  const isSorted = sort.key === key;
  const next = { key, descending: isSorted ? !sort.descending : !isText };
  return (
    <th scope="col" data-number={isNumber} aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" onClick={() => pushUrl({ sort: next })}>
        {name}
        <span aria-hidden="true">{isSorted ? (sort.descending ? ' ▾' : ' ▴') : ''}</span>
      </button>
    </th>
  );
}

/** The length of a row's bar as a share of the longest: by the logarithm, between the shortest and the longest row. */
function durationShares(table: TraceTable, slots: readonly number[]): (duration: number) => number {
  let [shortest, longest] = [Infinity, 1];
  for (const slot of slots) {
    shortest = Math.min(shortest, Math.max(1, table.duration[slot]));
    longest = Math.max(longest, table.duration[slot]);
  }
  const decades = Math.log(longest / shortest) || 1;
  return (duration) => Math.max(SHARE_MIN, Math.log(Math.max(1, duration) / shortest) / decades);
}

/** Makes the link of each row. Links differ only in the trace id, so the rest is encoded once. */
function traceHrefs(): (id: string) => string {
  const [path, query] = hrefWith({ trace: '0'.repeat(32), span: null, zoom: null, find: '', marksSlowest: false }).split('?');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return (id) => `${folder}${id}${query === undefined ? '' : `?${query}`}`;
}

function TraceRow({ slot, href, index, share }: { slot: number; href: string; index: number; share: number }) {
  const { table } = useLive();
  const failed = (table.flags[slot] & FLAG_ERROR) !== 0;
  return (
    <tr aria-rowindex={index + 2}>
      <td className={styles['time']}>{formatLocal(msOfOffset(table.start[slot]))}</td>
      <td>
        <span className={styles['service']}>
          <Swatch service={table.service[slot]} />
          <span className={styles['clip']}>{serviceName(table.service[slot])}</span>
        </span>
      </td>
      <td className={styles['operation']}>
        {failed && <ErrorMark hiddenText="error" />}
        {(table.flags[slot] & FLAG_ROOTLESS) !== 0 && <RootlessMark />}
        <LocalLink href={href} onOpen={() => openTrace(table.ids[slot], false)}>
          {table.operations[slot] || '(no name)'}
        </LocalLink>
      </td>
      <td data-number>
        <span className={styles['bar']} style={{ width: `${share * BAR_PX}px` }} aria-hidden="true" />
        {formatDuration(table.duration[slot])}
      </td>
      <td data-number title={plural(table.spans[slot], 'span')}>
        {formatCount(table.spans[slot])}
      </td>
    </tr>
  );
}

/** Takes the height of the rows that are out of sight. */
function Gap({ rows }: { rows: number }) {
  return (
    <tr aria-hidden="true" style={{ height: rows * ROW_PX }}>
      <td colSpan={COLUMNS.length} />
    </tr>
  );
}
