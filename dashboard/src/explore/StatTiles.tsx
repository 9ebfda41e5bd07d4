// Tiles with the numbers of the shown traces. Two are buttons: Errors sets the filter, p95 draws a line in the chart.

import { memo, type ReactNode } from 'react';

import { formatDuration, speakDuration } from '../format/duration';
import { formatCount, formatShare } from '../format/number';
import type { Server } from '../live/server';
import type { Numbers } from '../traces/stats';
import { pushUrl, useUrl } from '../url/location';
import { changeOf } from './change';
import styles from './Explore.module.css';
import { nextP95, sayP95 } from './p95';

type Props = { numbers: Numbers | null; before: Numbers | null; server: Server | null; /** The longest duration of the shown traces. */ longest: number; /** How many shown traces have no root; no number is about these. */ rootless: number };

export const StatTiles = memo(function StatTiles({ numbers, before, server, longest, rootless }: Props) {
  const url = useUrl();
  const { filter, showsP95 } = url;
  const about = numbers?.approximate ? '~' : '';
  const change = (key: 'traces' | 'errors' | 'avg' | 'p95') => (numbers && before ? changeOf(before[key], numbers[key]) : null);
  // Without a trace there is no duration to show.
  const hasAny = numbers !== null && numbers.traces > 0;
  const duration = (ns: number | undefined) => (ns === undefined || !hasAny ? '–' : about + formatDuration(ns));
  return (
    <dl className={styles['tiles']} data-testid="stats" aria-busy={numbers === null}>
      <Tile name="Traces" value={numbers ? formatCount(numbers.traces) : '–'} note={rootless > 0 ? `+ ${formatCount(rootless)} no root` : ''} change={change('traces')} />
      <Tile
        name="Errors"
        change={change('errors')}
        value={numbers ? formatCount(numbers.errors) : '–'}
        note={numbers ? formatShare(numbers.errors, numbers.traces) : ''}
        tone={numbers && numbers.errors > 0 ? 'bad' : undefined}
        button={{ pressed: filter === 'error', say: 'Show only errors', act: () => pushUrl({ filter: filter === 'error' ? 'all' : 'error' }) }}
      />
      <Tile name="Average" change={change('avg')} value={hasAny ? formatDuration(numbers.avg) : '–'} say={hasAny ? speakDuration(numbers.avg) : undefined} />
      <Tile name="p50" value={duration(numbers?.p50)} />
      <Tile
        name="p95"
        change={change('p95')}
        value={duration(numbers?.p95)}
        say={hasAny ? speakDuration(numbers.p95) : undefined}
        button={{ pressed: showsP95, say: sayP95(url), act: () => numbers && pushUrl(nextP95(url, numbers.p95, longest)) }}
      />
      <Tile name="p99" value={duration(numbers?.p99)} />
      <Tile name="Spans" value={numbers ? formatCount(numbers.spans) : '–'} />
      {server?.windowNs != null && (
        <Tile
          name="Window"
          value={formatDuration(server.effectiveNs ?? server.windowNs)}
          note={limitNote(server)}
          tone={server.info && server.info.limited_by !== 'time' ? 'warn' : undefined}
        />
      )}
      {server?.info && server.info.refused_batches > 0 && (
        <Tile name="Refused" value={formatCount(server.info.refused_batches)} note="batches: overload" tone="warn" />
      )}
      {server?.info && server.info.stale_spans > 0 && <Tile name="Too old" value={formatCount(server.info.stale_spans)} note="spans, not kept" />}
    </dl>
  );
});

/** Says why the server's window is shorter than it was set. */
function limitNote({ info }: Server): string {
  if (info === null || info.limited_by === 'time') return '';
  return `of ${formatDuration(info.window_ns)}: ${info.limited_by} is full`;
}

type TileProps = {
  name: string;
  /** The change since the range before, in percent. */
  change?: number | null;
  value: ReactNode;
  note?: string;
  say?: string | undefined;
  tone?: 'bad' | 'warn' | undefined;
  button?: { pressed: boolean; say: string; act: () => void };
};

function Tile({ name, change = null, value, note, say, tone, button }: TileProps) {
  const content = (
    <>
      {say ? (
        <>
          <span aria-hidden="true">{value}</span>
          <span className="visually-hidden">{say}</span>
        </>
      ) : (
        value
      )}
      {note && <span className={styles['tileNote']}>{note}</span>}
    </>
  );
  return (
    <div className={styles['tile']} data-tone={tone}>
      <dt>
        {name}
        {change !== null && <Change percent={change} />}
      </dt>
      <dd data-stat={name}>
        {button ? (
          <button type="button" className={styles['tileButton']} aria-pressed={button.pressed} title={button.say} onClick={button.act}>
            {content}
          </button>
        ) : (
          content
        )}
      </dd>
    </div>
  );
}

function Change({ percent }: { percent: number }) {
  const size = `${Math.abs(percent)} %`;
  const says = percent === 0 ? 'no change from the previous range' : `${size} ${percent > 0 ? 'more' : 'less'} than in the previous range`;
  return (
    <span className={styles['change']} title={says}>
      <span aria-hidden="true">{percent === 0 ? '=' : `${percent > 0 ? '▲' : '▼'} ${size}`}</span>
      <span className="visually-hidden">{says}</span>
    </span>
  );
}
