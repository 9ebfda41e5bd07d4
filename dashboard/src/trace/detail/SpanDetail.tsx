// The panel with the details of the selected span.

import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useMemo, useState } from 'react';

import { describe, isMissing } from '../../api/failure';
import type { Span } from '../../api/types';
import { formatDuration } from '../../format/duration';
import { formatCount, formatShare } from '../../format/number';
import { formatUtcNanos } from '../../format/time';
import { useLive } from '../../live/LiveContext';
import { Swatch } from '../../theme/Swatch';
import { serviceName } from '../../traces/services';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { ErrorMark } from '../../ui/ErrorMark';
import { useUrl } from '../../url/location';
import { isError, operationOf } from '../model/columns';
import { childRows } from '../model/forest';
import type { LoadedTrace } from '../model/loading';
import type { TraceModel } from '../model/traceModel';
import { kindName } from '../model/values';
import { rankDuration } from './durationRank';
import styles from './SpanDetail.module.css';
import { SpanSections } from './SpanSections';

type Props = { loaded: LoadedTrace; model: TraceModel; row: number; onClose: () => void; onGo: (row: number) => void; onLeave: () => void };

export function SpanDetail({ loaded, model, row, onClose, onGo, onLeave }: Props) {
  const { columns, forest } = model;
  const position = forest.spanOf[row];
  const id = columns.ids[position];
  const { data: span, error, isFetching, refetch } = useQuery({
    queryKey: ['span', columns.traceId, columns.rev, id, position],
    queryFn: ({ signal }) => loaded.span(position, signal),
    initialData: () => loaded.known(position),
  });
  const [filter, setFilter] = useState('');
  const { find } = useUrl();
  const firstChild = childRows(forest, row).next().value;
  return (
    <aside className={styles['panel']} aria-label="Details of the span" data-testid="detail">
      <div className={styles['head']}>
        <div className={styles['title']}>
          <p className={styles['service']}>
            <Swatch service={columns.service[position]} />
            {serviceName(columns.service[position])}
            {isError(columns, position) && <ErrorMark text="error" />}
          </p>
          <h2>{operationOf(columns, position) || '(no name)'}</h2>
        </div>
        <Button icon={<X size={16} />} label="Close the details (Esc)" onClick={onClose} />
      </div>
      <Facts model={model} row={row} span={span} />
      <div className={styles['actions']}>
        {forest.parent[row] >= 0 && <Button onClick={() => onGo(forest.parent[row])}>Parent</Button>}
        {firstChild !== undefined && <Button onClick={() => onGo(firstChild)}>First child</Button>}
        <CopyButton text={id}>Span id</CopyButton>
      </div>
      {error && !span && <Unread error={error} isTrying={isFetching} onRetry={() => void refetch()} />}
      {span && (
        <SpanSections
          key={position}
          loaded={loaded}
          span={span}
          filter={filter}
          onFilter={setFilter}
          marked={find}
          onGo={(other) => onGo(forest.rowOf[other])}
          onLeave={onLeave}
        />
      )}
    </aside>
  );
}

function Unread({ error, isTrying, onRetry }: { error: unknown; isTrying: boolean; onRetry: () => void }) {
  if (isMissing(error)) return <Banner tone="warn">This span left the window before its details were loaded. Only what the waterfall shows is available.</Banner>;
  return (
    <Banner tone="bad" actions={<Button onClick={onRetry} disabled={isTrying}>Retry</Button>}>
      The attributes could not be read. {describe(error)}
    </Banner>
  );
}

/** Most spans have no status: it is unset. */
function Status({ isFailed, code }: { isFailed: boolean; code: number | undefined }) {
  if (isFailed) return 'error';
  if (code === 1) return 'ok';
  return code === undefined ? null : <span className={styles['soft']}>unset</span>;
}

function Facts({ model, row, span }: { model: TraceModel; row: number; span: Span | undefined }) {
  const { columns, forest, extent } = model;
  const position = forest.spanOf[row];
  const duration = columns.duration[position];
  const start = columns.start[position];
  const message = span?.status.message;
  const { table } = useLive();
  const rank = useMemo(() => rankDuration(model, row, table), [model, row, table]);
  return (
    <dl className={styles['facts']}>
      <dt>Duration</dt>
      <dd>
        {formatDuration(duration)} <small>{formatShare(duration, extent.to - extent.from)} of the trace</small>
      </dd>
      {rank && (
        <>
          <dt>Compared</dt>
          <dd>
            slower than {formatShare(rank.slowerThan, 1)} <small>{rank.where === 'window' ? `of ${formatCount(rank.of)} other traces like it` : `of ${formatCount(rank.of)} like it in this trace`}</small>
          </dd>
        </>
      )}
      <dt>Self</dt>
      <dd>{formatDuration(model.self[row])}</dd>
      <dt>Begins</dt>
      <dd>
        {start === extent.from ? 'with the first span' : <>{formatDuration(start - extent.from)} <small>after the first span</small></>}
        <small className={styles['exact']}>{formatUtcNanos(columns.baseNs + BigInt(start))}</small>
      </dd>
      {columns.kind[position] > 0 && (
        <>
          <dt>Kind</dt>
          <dd>{kindName(columns.kind[position])}</dd>
        </>
      )}
      <dt>Status</dt>
      <dd>
        <Status isFailed={isError(columns, position)} code={span?.status.code} />
        {message && `: ${message}`}
      </dd>
      <dt>Span</dt>
      <dd className={styles['id']}>{columns.ids[position]}</dd>
      {span?.trace_state && (
        <>
          <dt>State</dt>
          <dd className={styles['id']}>{span.trace_state}</dd>
        </>
      )}
    </dl>
  );
}
