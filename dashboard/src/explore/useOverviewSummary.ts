// The survey of what is held now, made anew when the table or the address has changed.

import { useMemo } from 'react';

import { useLive, useLiveState } from '../live/LiveContext';
import { nowOffset } from '../traces/clock';
import { serviceCount } from '../traces/services';
import type { UrlState } from '../url/state';
import { rangeOf } from '../traces/range';
import { scopeOf, selectionScope } from '../traces/urlScope';
import { survey, type Shown, type Survey } from './overviewSummary';

/** Limit: nobody scrolls further; the chart, the filters and the order narrow it down. */
const ROWS_MAX = 1000;

function shownDurations({ yRange, yScale }: UrlState): Shown {
  return { chosen: yRange, least: yScale === 'log' ? 1 : 0 };
}

export function useSurvey(url: UrlState): Survey {
  const { table } = useLive();
  const { version, server } = useLiveState();
  return useMemo(() => {
    void version;
    const scope = scopeOf(url, rangeOf(url, server?.windowNs ?? null, nowOffset()));
    const selection = url.selection === null ? null : selectionScope(scope, url);
    return survey(table, { scope, selection, sort: url.sort, rowsMax: ROWS_MAX, places: serviceCount(), shown: shownDurations(url) });
  }, [table, url, version, server]);
}
