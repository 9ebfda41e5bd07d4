// The same traces as in the chart, as a table.

import { memo, useRef } from 'react';

import { formatDuration } from '../format/duration';
import { formatCount, plural } from '../format/number';
import { formatLocal } from '../format/time';
import { table } from '../live/live';
import { msOfOffset } from '../traces/clock';
import { FLAG_ERROR } from '../traces/delta';
import { serviceName } from '../traces/services';
import { hrefWith, pushUrl, useUrl } from '../url/location';
import type { SortKey } from '../url/state';
import { ErrorMark } from '../ui/ErrorMark';
import { LocalLink } from '../ui/LocalLink';
import { Swatch } from '../ui/Swatch';
import { useVirtualRows } from '../ui/useVirtualRows';
import type { Survey } from './survey';
import styles from './TracesTable.module.css';

const ROW_PX = 30;
/** Limit: while traces come all of these are made anew each second. */
const OVERSCAN_ROWS = 4;

const COLUMNS: { key: SortKey; name: string; isNumber?: boolean }[] = [
  { key: 'start', name: 'Start' },
  { key: 'service', name: 'Service' },
  { key: 'operation', name: 'Operation' },
  { key: 'duration', name: 'Duration', isNumber: true },
  { key: 'spans', name: 'Spans', isNumber: true },
];

/** Numbers change more often than rows, so it is rendered for its rows alone. */
export const TracesTable = memo(function TracesTable({ top: { slots, count } }: { top: Survey['top'] }) {
  const url = useUrl();
  const boxRef = useRef<HTMLDivElement>(null);
  const { first, last } = useVirtualRows(boxRef, slots.length, ROW_PX, ROW_PX, OVERSCAN_ROWS);
  const hrefOf = traceHrefs();
  const longest = slots.reduce((most, slot) => Math.max(most, table.duration[slot]), 1);

  return (
    <section aria-labelledby="traces-title" className={styles['section']} id="traces">
      <div className={styles['head']}>
        <h2 id="traces-title">{url.selection ? 'Traces in the box' : 'Traces in view'}</h2>
        <p className={styles['count']} data-testid="table-count">
          {slots.length < count ? `the first ${formatCount(slots.length)} of ${formatCount(count)}` : formatCount(count)}
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
              <Row key={table.ids[slot]} slot={slot} href={hrefOf(table.ids[slot])} index={first + at} share={table.duration[slot] / longest} />
            ))}
            {last < slots.length && <Gap rows={slots.length - last} />}
          </tbody>
        </table>
      </div>
    </section>
  );
});

function SortHeader({ column: { key, name, isNumber } }: { column: (typeof COLUMNS)[number] }) {
  const { sort } = useUrl();
  const isSorted = sort.key === key;
  const next = { key, descending: isSorted ? !sort.descending : true };
  return (
    <th scope="col" data-number={isNumber} aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" onClick={() => pushUrl({ sort: next })}>
        {name}
        <span aria-hidden="true">{isSorted ? (sort.descending ? ' ▾' : ' ▴') : ''}</span>
      </button>
    </th>
  );
}

/** The addresses of traces differ only in the id. */
function traceHrefs(): (id: string) => string {
  const [path, query] = hrefWith({ trace: '0'.repeat(32), span: null, zoom: null, find: '', marksSlowest: false }).split('?');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return (id) => `${folder}${id}${query === undefined ? '' : `?${query}`}`;
}

function Row({ slot, href, index, share }: { slot: number; href: string; index: number; share: number }) {
  const failed = (table.flags[slot] & FLAG_ERROR) !== 0;
  return (
    <tr aria-rowindex={index + 2}>
      <td className={styles['time']}>{formatLocal(msOfOffset(table.start[slot]))}</td>
      <td>
        <span className={styles['service']}>
          <Swatch place={table.service[slot]} />
          <span className={styles['clip']}>{serviceName(table.service[slot])}</span>
        </span>
      </td>
      <td className={styles['operation']}>
        {failed && <ErrorMark hiddenText="error" />}
        <LocalLink href={href}>{table.operations[slot] || '(no name)'}</LocalLink>
      </td>
      <td data-number>
        <span className={styles['bar']} style={{ width: `${Math.max(1, share * 72)}px` }} aria-hidden="true" />
        {formatDuration(table.duration[slot])}
      </td>
      <td data-number title={plural(table.spans[slot], 'span')}>
        {formatCount(table.spans[slot])}
      </td>
    </tr>
  );
}

/** Stands for the rows that are out of sight. */
function Gap({ rows }: { rows: number }) {
  return (
    <tr aria-hidden="true" style={{ height: rows * ROW_PX }}>
      <td colSpan={COLUMNS.length} />
    </tr>
  );
}
