// The screen of a trace: loads it, and says why where that fails.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { describe, Failure, isMissing } from '../api/failure';
import { useLive, useLiveState } from '../live/LiveContext';
import { serviceName } from '../traces/services';
import { Banner } from '../ui/Banner';
import { Button } from '../ui/Button';
import { LocalLink } from '../ui/LocalLink';
import { hrefWith, pushUrl } from '../url/location';
import { CloseButton } from './CloseButton';
import { loadTrace, type LoadedTrace } from './model/loading';
import styles from './Trace.module.css';
import { TraceView } from './TraceView';

/** A skeleton appears only after this time, so that it does not flash. */
const SKELETON_AFTER_MS = 150;
const RECENT_SHOWN = 8;

/** `isBeside`: the trace is open beside the overview, which is the main part of the page then. */
export default function TraceScreen({ traceId, isBeside }: { traceId: string; isBeside: boolean }) {
  const { server, connection, polledAt } = useLiveState();
  const queries = useQueryClient();
  const queryKey = ['trace', server?.base, traceId];
  const { data, error, isFetching, refetch } = useQuery({
    queryKey,
    queryFn: ({ signal }) => loadTrace(server!, traceId, signal, queries.getQueryData<LoadedTrace>(queryKey)),
    enabled: server !== null,
    // A trace may have grown since it was closed, so it is read again each time.
    staleTime: 0,
    gcTime: 0,
    refetchOnMount: true,
    refetchOnReconnect: false,
  });
  useRetry(connection.kind, polledAt, data === undefined ? error : null, () => void refetch({ cancelRefetch: false }));
  useEffect(() => {
    if (!isBeside) document.title = `Trace ${traceId.slice(0, 8)} – traced`;
  }, [traceId, isBeside]);

  // A trace that has been read stays readable after it has left the window.
  if (data) return <TraceView loaded={data} isBeside={isBeside} onReload={() => void refetch()} />;
  const Part = isBeside ? 'section' : 'main';
  return (
    <Part id={isBeside ? undefined : 'main'} className={styles['message']}>
      <CloseButton isAlone={!isBeside} />
      <Absent isOffline={connection.kind === 'failed'} error={error} traceId={traceId} isTrying={isFetching} onRetry={() => void refetch()} />
    </Part>
  );
}

/** Reads the trace again when the server is back; after a network failure also with each poll that succeeds. */
function useRetry(kind: string, polledAt: number | null, error: unknown, retry: () => void): void {
  const isDue = kind === 'connected' && error !== null;
  const isOfNetwork = error instanceof Failure && (error.kind === 'refused' || error.kind === 'timeout');
  useEffect(() => {
    if (isDue) retry();
    // oxlint-disable-next-line react/exhaustive-deps
  }, [kind]);
  useEffect(() => {
    if (isDue && isOfNetwork) retry();
    // oxlint-disable-next-line react/exhaustive-deps
  }, [polledAt]);
}

type AbsentProps = FailedProps & { isOffline: boolean };

function Absent({ isOffline, ...rest }: AbsentProps) {
  // The banner above says what is wrong with the connection, and when the page tries again.
  if (isOffline && !isMissing(rest.error)) {
    return (
      <>
        <h1>Waiting for the server</h1>
        <p>The trace will load as soon as the server responds.</p>
      </>
    );
  }
  return rest.error ? <Failed {...rest} /> : <Skeleton />;
}

function Skeleton() {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return <h1 className="visually-hidden">Trace</h1>;
  return (
    <div aria-busy="true">
      <h1 className="visually-hidden">Loading the trace</h1>
      {[46, 80, 62, 71, 38, 55].map((width) => (
        <div key={width} className={styles['bone']} style={{ width: `${width}%` }} />
      ))}
      <Button onClick={() => pushUrl({ trace: null, beside: null, span: null })}>Cancel</Button>
    </div>
  );
}

type FailedProps = { error: unknown; traceId: string; isTrying: boolean; onRetry: () => void };

function Failed({ error, traceId, isTrying, onRetry }: FailedProps) {
  const { table } = useLive();
  if (!isMissing(error)) {
    return (
      <Banner tone="bad" actions={<Button onClick={onRetry} disabled={isTrying}>Retry</Button>}>
        <h1>The trace could not be read</h1>
        {describe(error)}
      </Banner>
    );
  }
  const recent = Array.from({ length: table.used }, (_, slot) => slot)
    .filter((slot) => table.alive[slot] === 1)
    .sort((a, b) => table.start[b] - table.start[a])
    .slice(0, RECENT_SHOWN);
  return (
    <div className={styles['gone']}>
      <h1>This trace was not found</h1>
      <p>
        <code className={styles['id']}>{traceId}</code>
      </p>
      <p>{describe(error)}</p>
      <p className={styles['actions']}>
        <Button onClick={onRetry} disabled={isTrying}>Look again</Button>
        <LocalLink href={hrefWith({ trace: null, beside: null, span: null, find: '', zoom: null })}>All recent traces</LocalLink>
      </p>
      {recent.length > 0 && (
        <>
          <h2>Recent traces</h2>
          <ul>
            {recent.map((slot) => (
              <li key={table.ids[slot]}>
                <LocalLink href={hrefWith({ trace: table.ids[slot], span: null, zoom: null, find: '' })}>
                  {serviceName(table.service[slot])} {table.operations[slot]}
                </LocalLink>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
