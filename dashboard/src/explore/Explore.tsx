// The overview: numbers, chart, legend and table of recent traces.

import { useCallback, useEffect, useState } from 'react';

import { formatCount } from '../format/number';
import { useLive, useLiveState } from '../live/LiveContext';
import { probe } from '../perf/perf';
import { resetView } from '../scatter/gestures';
import { Scatter } from '../scatter/Scatter';
import { Segments } from '../ui/Segments';
import { useShortcuts } from '../ui/shortcuts';
import { pushUrl, useUrl } from '../url/location';
import type { Filter } from '../url/state';
import { ChartNotes } from './ChartNotes';
import { ChartOverlay } from './ChartOverlay';
import { ChartTools, shiftRange } from './ChartTools';
import styles from './Explore.module.css';
import { toggleLive } from './following';
import { Legend } from './Legend';
import { openTrace } from './openTrace';
import { OverviewStrip } from './OverviewStrip';
import { StatTiles } from './StatTiles';
import { TracesTable } from './TracesTable';
import { useNumbers, useNumbersBefore } from './useNumbers';
import { useOverviewSummary } from './useOverviewSummary';
import { ZoomChip } from './ZoomChip';

export function Explore() {
  const url = useUrl();
  const live = useLive();
  const { server, connection } = useLiveState();
  const { numbers, note } = useNumbers(url);
  const before = useNumbersBefore(url);
  const summary = useOverviewSummary(url);
  probe('numbers', () => numbers);
  const [highlight, setHighlight] = useState(-1);
  const [isBoxTool, setBoxTool] = useState(false);
  const onBoxDone = useCallback(() => setBoxTool(false), []);
  const filterBy = (filter: Filter) => pushUrl({ filter });

  useEffect(() => {
    document.title = 'Recent traces – traced';
  }, []);

  // While a trace is open beside the overview, the shortcuts belong to the trace.
  useShortcuts(url.beside !== null ? {} : {
    1: () => filterBy('all'),
    2: () => filterBy('ok'),
    3: () => filterBy('error'),
    l: () => toggleLive(live),
    0: resetView,
    Escape: () => url.selection !== null && pushUrl({ selection: null }),
    '[': () => shiftRange(live, -1),
    ']': () => shiftRange(live, 1),
  });

  const count = (part: number | undefined) => (part === undefined ? undefined : formatCount(part));
  return (
    <main className={styles['screen']} id="main" data-stale={connection.kind === 'failed'}>
      <h1 className="visually-hidden">Recent traces</h1>
      <StatTiles numbers={numbers} before={before} server={server} longest={summary.longest} rootless={summary.rootless} />
      {note && (
        <p className={styles['tilesNote']} role="status" data-testid="numbers-note">
          {note}
        </p>
      )}
      <div className={styles['toolbar']}>
        <Segments<Filter>
          label="Status"
          value={url.filter}
          onChange={filterBy}
          choices={[
            { value: 'all', label: 'All', count: count(numbers?.all) },
            { value: 'ok', label: 'OK', count: count(numbers?.ok) },
            { value: 'error', label: 'Error', count: count(numbers?.error) },
          ]}
        />
        <Segments
          label="Scale of durations"
          value={url.yScale}
          onChange={(yScale) => pushUrl({ yScale, yRange: null })}
          choices={[
            { value: 'log', label: 'Log' },
            { value: 'lin', label: 'Linear' },
          ]}
        />
        <span className={styles['spacer']} />
        <ChartTools isBoxTool={isBoxTool} onBoxTool={setBoxTool} />
      </div>
      <div className={styles['main']}>
        <div className={styles['chart']}>
          <a className="skip-link" href="#traces">
            Skip the chart
          </a>
          <Scatter
            highlight={highlight}
            errors={summary.errors}
            beyond={summary.beyond}
            fit={summary.fit}
            p95={url.showsP95 && numbers ? numbers.p95 : null}
            isBoxTool={isBoxTool}
            onBoxDone={onBoxDone}
            onOpen={openTrace}
          />
          <ZoomChip summary={summary} />
          <ChartOverlay shown={summary.count} />
          <OverviewStrip />
          <ChartNotes summary={summary} />
        </div>
        <Legend counts={summary.services} rootlessCounts={summary.servicesRootless} rootless={summary.rootless} onHighlight={setHighlight} />
      </div>
      <TracesTable top={summary.top} />
    </main>
  );
}
