// What is open, selected and focused in the waterfall.

import { useCallback, useMemo, useState } from 'react';

import { mark } from '../perf/perf';
import { findPlace } from '../traces/services';
import { pushUrl, useUrl } from '../url/location';
import { isError } from './columns';
import type { TraceModel } from './model';
import { initiallyClosed } from './opening';
import type { Matches } from './useMatches';
import { closeFromLevel, groupOfCode, openTo, showRows, withAncestors } from './visible';

const NAME_SHARE_START = 36;

export type Waterfall = ReturnType<typeof useWaterfall>;

export function useWaterfall(model: TraceModel, matches: Matches) {
  const { columns, forest, groups } = model;
  const url = useUrl();
  const [opened, setOpened] = useState(() => ({ model, closed: initiallyClosed(columns, forest, model.path) }));
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const [focus, setFocus] = useState({ index: 0, request: 0 });
  const [nameShare, setNameShare] = useState(NAME_SHARE_START);
  // Rows mean other spans when the trace has grown.
  const closed = opened.model === model ? opened.closed : carriedOver(opened, model);
  const setClosed = (next: Uint8Array) => setOpened({ model, closed: next });

  const selectedRow = useMemo(() => {
    const position = url.span === null ? -1 : columns.ids.indexOf(url.span);
    return position < 0 ? -1 : forest.rowOf[position];
  }, [columns, forest, url.span]);

  const hidden = useMemo(() => {
    const places = new Set(url.pruned.map(findPlace));
    if (!columns.service.some((place) => places.has(place))) return null;
    return Uint8Array.from({ length: forest.count }, (_, row) => (places.has(columns.service[forest.spanOf[row]]) ? 1 : 0));
  }, [columns, forest, url.pruned]);

  const shown = useMemo(() => {
    const began = performance.now();
    const kept = url.onlyMatches && matches.by !== null ? withAncestors(forest, matches.rows) : null;
    const rows = showRows(forest, { closed, groups: url.groups ? groups : null, unfolded, kept, hidden });
    mark('show-rows', performance.now() - began);
    return rows;
  }, [forest, groups, closed, unfolded, hidden, url.groups, url.onlyMatches, matches]);

  const focusIndex = useCallback((index: number) => setFocus((now) => ({ index, request: now.request + 1 })), []);
  const select = (row: number) => pushUrl({ span: row < 0 ? null : columns.ids[forest.spanOf[row]] });

  /** Selects a row, opens all above it, and brings it into sight. */
  const go = (row: number) => {
    const nextClosed = openTo(forest, closed, row);
    const nextUnfolded = new Set(unfolded);
    for (let group = 0; group < groups.count; group += 1) if (row >= groups.first[group] && row < groups.end[group]) nextUnfolded.add(group);
    setClosed(nextClosed);
    setUnfolded(nextUnfolded);
    const kept = url.onlyMatches && matches.by !== null ? withAncestors(forest, matches.rows) : null;
    const next = showRows(forest, { closed: nextClosed, groups: url.groups ? groups : null, unfolded: nextUnfolded, kept, hidden });
    focusIndex(Math.max(0, next.code.indexOf(row)));
    select(row);
  };

  const toggle = (code: number, isOpen?: boolean) => {
    if (code < 0) setUnfolded(withToggled(unfolded, groupOfCode(code), isOpen));
    else if (forest.children[code] > 0) {
      const next = closed.slice();
      next[code] = (isOpen ?? closed[code] === 1) ? 0 : 1;
      setClosed(next);
    }
  };

  const stepMatch = (way: 1 | -1) => {
    const next = nextOf(matches.rows, selectedRow, way);
    if (next !== undefined) go(next);
  };
  const nextError = () => {
    const rows: number[] = [];
    for (let row = 0; row < forest.count; row += 1) if (isError(columns, forest.spanOf[row])) rows.push(row);
    const next = nextOf(rows, selectedRow, 1);
    if (next !== undefined) go(next);
  };
  const openLevels = (level: number) => {
    setClosed(closeFromLevel(forest, level));
    setFocus((now) => ({ ...now, index: 0 }));
  };
  return { closed, unfolded, focus, nameShare, selectedRow, shown, focusIndex, select, go, toggle, stepMatch, nextError, openLevels, setNameShare };
}

/** The next in order, and after the last one the first. */
function nextOf(rows: readonly number[], from: number, way: 1 | -1): number | undefined {
  if (way === 1) return rows.find((row) => row > from) ?? rows[0];
  return rows.findLast((row) => row < from || from < 0) ?? rows.at(-1);
}

function withToggled(set: ReadonlySet<number>, member: number, isIn = !set.has(member)): Set<number> {
  const next = new Set(set);
  if (isIn) next.add(member);
  else next.delete(member);
  return next;
}

/** What was closed stays closed, by the ids of the spans. */
function carriedOver(before: { model: TraceModel; closed: Uint8Array }, { columns, forest }: TraceModel): Uint8Array {
  const ids = new Set<string>();
  before.closed.forEach((isClosed, row) => isClosed === 1 && ids.add(before.model.columns.ids[before.model.forest.spanOf[row]]));
  return Uint8Array.from({ length: forest.count }, (_, row) => (ids.has(columns.ids[forest.spanOf[row]]) ? 1 : 0));
}
