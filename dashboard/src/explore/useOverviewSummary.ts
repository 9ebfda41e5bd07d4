// Summarises the held traces again when the table or the address has changed.

import { useMemo } from 'react';

import { useLive, useLiveState } from '../live/LiveContext';
import { nowOffset } from '../traces/clock';
import { rangeOf } from '../traces/range';
import { serviceCount } from '../traces/services';
import { scopeOf, selectionScope } from '../traces/urlScope';
import type { UrlState } from '../url/state';
import { summariseTraces, type ShownDurations, type OverviewSummary } from './overviewSummary';

/** Limit: nobody scrolls further; chart, filters and sorting narrow the table down. */
const ROWS_MAX = 1000;

function shownDurations({ yRange, yScale }: UrlState): ShownDurations {
  return { chosen: yRange, least: yScale === 'log' ? 1 : 0 };
}

export function useOverviewSummary(url: UrlState): OverviewSummary {
  const { table } = useLive();
  const { version, server } = useLiveState();
  return useMemo(() => {
    void version;
    const scope = scopeOf(url, rangeOf(url, server?.windowNs ?? null, nowOffset()));
    const selection = url.selection === null ? null : selectionScope(scope, url);
    return summariseTraces(table, { scope, selection, sort: url.sort, rowsMax: ROWS_MAX, serviceCount: serviceCount(), shown: shownDurations(url) });
  }, [table, url, version, server]);
}
