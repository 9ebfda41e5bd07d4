// The state of the waterfall: which rows are open, selected and focused, and how to change that.

import { useCallback, useMemo, useState } from 'react';

import { mark } from '../../perf/perf';
import { findService } from '../../traces/services';
import { pushUrl, useUrl } from '../../url/location';
import { isError } from '../model/columns';
import { isMissingSpan } from '../model/missing';
import type { TraceModel } from '../model/traceModel';
import { initiallyClosed } from './initiallyClosed';
import { remapClosed, remapCode, remapUnfolded } from './remapRows';
import { closeFromLevel, groupOfCode, hiddenRows, isGap, openTo, shownIndexOf, showRows, withAncestors } from './shownRows';
import type { Matches } from './useMatches';

const NAME_SHARE_START = 36;

/** What the reader has opened and where the focus is, by the rows of one model. */
type RowStates = {
  model: TraceModel;
  closed: Uint8Array;
  unfolded: ReadonlySet<number>;
  /** The code of the row that has the focus. Where it is not shown, its nearest shown ancestor has the focus. */
  code: number;
};

/** A new number asks for the keyboard focus; with `reveals` the focused row is also scrolled into sight. */
export type FocusRequest = { number: number; reveals: boolean };

export type Waterfall = ReturnType<typeof useWaterfall>;

export function useWaterfall(model: TraceModel, matches: Matches) {
  const { columns, forest, groups } = model;
  const url = useUrl();
  const selectedRow = useMemo(() => {
    const position = url.span === null ? -1 : columns.ids.indexOf(url.span);
    return position < 0 || isMissingSpan(columns, position) ? -1 : forest.rowOf[position];
  }, [columns, forest, url.span]);
  const [states, setStates] = useState<RowStates>(() => {
    const closed = initiallyClosed(columns, forest, model.path);
    // A link to a span shows its row.
    return { model, code: Math.max(0, selectedRow), ...openedTo(model, { closed, unfolded: new Set() }, selectedRow) };
  });
  const [request, setRequest] = useState<FocusRequest>({ number: 0, reveals: false });
  const [nameShare, setNameShare] = useState(NAME_SHARE_START);
  const { closed, unfolded, code } = useMemo(() => statesOf(states, model), [states, model]);
  const change = (next: Partial<RowStates>) => setStates((now) => ({ ...statesOf(now, model), ...next }));

  const hidden = useMemo(() => {
    const services = new Set(url.pruned.map(findService));
    if (!columns.service.some((service) => services.has(service))) return null;
    return hiddenRows(forest, (row) => services.has(columns.service[forest.spanOf[row]]));
  }, [columns, forest, url.pruned]);

  const shown = useMemo(() => {
    const began = performance.now();
    const kept = url.onlyMatches && matches.by !== null ? withAncestors(forest, matches.rows) : null;
    const rows = showRows(forest, { closed, groups: url.groups ? groups : null, unfolded, kept, hidden });
    mark('show-rows', performance.now() - began);
    return rows;
  }, [forest, groups, closed, unfolded, hidden, url.groups, url.onlyMatches, matches]);

  const focus = useMemo(() => ({ index: shownIndexOf(shown, forest, groups, code), request }), [shown, forest, groups, code, request]);

  const focusCode = (next: number) => {
    change({ code: next });
    setRequest(({ number }) => ({ number: number + 1, reveals: true }));
  };
  const focusIndex = (index: number) => focusCode(shown.code[index] ?? 0);
  /** Gives the focus back to the rows, without scrolling. */
  const takeFocus = useCallback(() => setRequest(({ number }) => ({ number: number + 1, reveals: false })), []);
  const select = (row: number) => {
    // A missing parent has no details to show.
    if (row < 0) pushUrl({ span: null });
    else if (!isMissingSpan(columns, forest.spanOf[row])) pushUrl({ span: columns.ids[forest.spanOf[row]] });
  };

  /** Selects a row, opens its ancestors, and scrolls it into sight. */
  const go = (row: number) => {
    change(openedTo(model, { closed, unfolded }, row));
    focusCode(row);
    select(row);
  };

  const toggle = (toggled: number, isOpen?: boolean) => {
    if (isGap(toggled)) pushUrl({ pruned: [] });
    else if (toggled < 0) change({ unfolded: withToggled(unfolded, groupOfCode(toggled), isOpen) });
    else if (forest.children[toggled] > 0) {
      const next = closed.slice();
      next[toggled] = (isOpen ?? closed[toggled] === 1) ? 0 : 1;
      change({ closed: next });
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
  const openLevels = (level: number) => change({ closed: closeFromLevel(forest, level) });
  return { closed, unfolded, focus, nameShare, selectedRow, shown, focusIndex, takeFocus, select, go, toggle, stepMatch, nextError, openLevels, setNameShare };
}

/** The state with all ancestors of a row opened and their groups unfolded. */
function openedTo({ forest, groups }: TraceModel, { closed, unfolded }: Pick<RowStates, 'closed' | 'unfolded'>, row: number): Pick<RowStates, 'closed' | 'unfolded'> {
  if (row < 0) return { closed, unfolded };
  const open = new Set(unfolded);
  for (let group = 0; group < groups.count; group += 1) if (row >= groups.first[group] && row < groups.end[group]) open.add(group);
  return { closed: openTo(forest, closed, row), unfolded: open };
}

/** The state by the rows of `model`, which are other rows once the trace has grown. */
function statesOf(states: RowStates, model: TraceModel): RowStates {
  if (states.model === model) return states;
  return {
    model,
    closed: remapClosed(model, states.model, states.closed),
    unfolded: remapUnfolded(model, states.model, states.unfolded),
    code: remapCode(model, states.model, states.code),
  };
}

/** The next row in a list, around its end. */
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
