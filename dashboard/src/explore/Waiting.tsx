// A message over the chart while the server holds no trace: how to send a first one, or when the last one started.

import { useMemo, useState } from 'react';

import { formatDuration } from '../format/duration';
import { formatTick } from '../format/time';
import { useLive } from '../live/LiveContext';
import type { Server } from '../live/server';
import { msOfOffset, nowOffset, nsOfOffset } from '../traces/clock';
import type { TraceTable } from '../traces/table';
import { CopyButton } from '../ui/CopyButton';
import { Segments } from '../ui/Segments';
import { useTick } from '../ui/useTick';
import styles from './Explore.module.css';
import { sendExamples } from './firstTrace';

/** Commands are renewed this often: the times in them have to be inside the window when they are run. */
const RENEW_MS = 30_000;

export function Waiting({ server }: { server: Server }) {
  const { table } = useLive();
  const hadSome = Number.isFinite(table.newest);
  return (
    <div className={styles['overlay']}>
      <div className={styles['empty']}>
        <h2>
          <span className={styles['waiting']} aria-hidden="true" />
          {hadSome ? nothingLeft(server, table) : 'Waiting for the first trace'}
        </h2>
        {hadSome ? <p>New traces appear here at once.</p> : <FirstTrace server={server} />}
      </div>
    </div>
  );
}

function nothingLeft({ windowNs }: Server, table: TraceTable): string {
  const reach = windowNs === null ? 'the window' : `the last ${formatDuration(windowNs)}`;
  return `Nothing in ${reach}; the last trace started at ${formatTick(msOfOffset(table.newest), 1000)}`;
}

function FirstTrace({ server }: { server: Server }) {
  const tick = useTick(RENEW_MS);
  const examples = useMemo(() => {
    void tick;
    return sendExamples(server.base, nsOfOffset(nowOffset()), server.info !== null);
  }, [server.base, server.info, tick]);
  const [name, setName] = useState(examples[0].name);
  const { command } = examples.find((example) => example.name === name) ?? examples[0];
  return (
    <>
      <p>The server is up and holds nothing yet. {examples.length > 1 ? 'Three ways to send traces:' : 'Send a first span to try it:'}</p>
      {examples.length > 1 && <Segments label="How to send traces" value={name} choices={examples.map((example) => ({ value: example.name, label: example.name }))} onChange={setName} />}
      <pre tabIndex={0} role="region" aria-label="Command to run">
        {command}
      </pre>
      <CopyButton text={command}>Copy</CopyButton>
    </>
  );
}
