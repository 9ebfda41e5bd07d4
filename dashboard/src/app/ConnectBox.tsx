// The box that chooses the server, and the state of the connection.

import { useEffect, useId, useState, type FormEvent } from 'react';

import { describe } from '../api/failure';
import { formatDuration } from '../format/duration';
import { formatAge } from '../format/time';
import { useLive, useLiveState } from '../live/LiveContext';
import type { LiveState } from '../live/liveState';
import { clockSkewMs } from '../traces/clock';
import { useStore } from '../ui/store';
import { useTick } from '../ui/useTick';
import styles from './App.module.css';
import { unconfirmedServer, chooseServer, storedServers } from './serverChoice';

/** A smaller difference between the clocks does not matter to a reader. */
const SKEW_WORTH_SAYING_MS = 2000;

export function ConnectBox() {
  const live = useLive();
  const state = useLiveState();
  const [typed, setTyped] = useState<string | null>(null);
  const [mistake, setMistake] = useState<string | null>(null);
  const list = useId();
  const asked = useStore(unconfirmedServer);
  // While the reader is asked about the server of a link, the box shows that server.
  const base = state.connection.base || (asked ?? '');
  useEffect(() => {
    setTyped(null);
    setMistake(null);
  }, [base]);
  const onChange = (text: string) => {
    setTyped(text);
    setMistake(null);
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    try {
      chooseServer(live, typed ?? base);
      setMistake(null);
    } catch (error) {
      setMistake(describe(error));
    }
  };
  return (
    <form className={styles['connect']} onSubmit={onSubmit} aria-label="Server">
      <span className={styles['dot']} data-kind={state.connection.kind} aria-hidden="true" />
      <input
        className={styles['address']}
        aria-label="Address of the server"
        aria-invalid={mistake !== null}
        aria-describedby="connection-state"
        list={list}
        spellCheck={false}
        value={typed ?? base}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>
        {storedServers().map((server) => (
          <option key={server} value={server} />
        ))}
      </datalist>
      <button type="submit" className={styles['connectButton']}>
        Connect
      </button>
      <span id="connection-state" className={styles['state']} data-testid="connection" data-kind={mistake === null ? state.connection.kind : 'failed'}>
        {mistake ?? stateText(state)}
      </span>
    </form>
  );
}

function stateText({ connection, server }: LiveState): string {
  if (connection.kind === 'connecting') return 'connecting …';
  if (connection.kind === 'failed' || connection.kind === 'idle') return 'not connected';
  const version = server?.info ? ` v${server.info.version}` : '';
  const window = server?.windowNs ? `, window ${formatDuration(server.windowNs)}` : '';
  const skew = Math.abs(clockSkewMs()) < SKEW_WORTH_SAYING_MS ? '' : `, its clock is ${clockText(clockSkewMs())}`;
  return `connected${version}${window}${skew}`;
}

const clockText = (ms: number): string => `${formatAge(Math.abs(ms))} ${ms > 0 ? 'ahead' : 'behind'}`;

/** Says why the connection failed, and when the page tries again. */
export function ConnectionFailure() {
  const live = useLive();
  const { connection, polledAt } = useLiveState();
  const now = useTick(1000, connection.kind === 'failed');
  if (connection.kind !== 'failed') return null;
  const seconds = Math.max(0, Math.ceil((connection.retryAt - now) / 1000));
  return (
    <div className={styles['failure']} role="alert">
      <p data-testid="failure">
        {connection.message}
        {polledAt !== null && ` What you see is ${formatAge(now - polledAt)} old.`}
      </p>
      <button type="button" className={styles['connectButton']} onClick={() => live.retryNow()}>
        Retry now
      </button>
      <span className={styles['countdown']} aria-hidden="true">
        {seconds > 0 ? `next try in ${seconds} s` : 'trying …'}
      </span>
    </div>
  );
}
