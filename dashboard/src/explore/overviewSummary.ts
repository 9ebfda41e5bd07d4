// All that the overview says of the traces that are held, in one pass over them: at 100,000 traces each pass is a
// good part of what the page may take for an answer. Pure.

import { fitY } from '../scatter/view';
import { FLAG_ERROR } from '../traces/delta';
import { countIn, isIn, type Scope } from '../traces/scope';
import type { TraceTable } from '../traces/table';
import type { Filter, Sort } from '../url/state';
import { DurationTally, type DurationFit } from '../traces/durationFit';
import { TopRows } from './topRows';

export type Survey = {
  /** In the range and matching the filter, from services that are shown. */
  count: number;
  errors: number;
  longest: number;
  /** When the oldest of them started; none has an infinite one. */
  oldest: number;
  /** Of `count` those that are longer or shorter than the shown durations. */
  beyond: { above: number; below: number };
  /** The same from all services, by the place of the service. */
  services: Uint32Array;
  /** The first of those in the selection and of the shown durations, in order, and how many there are. */
  top: { slots: number[]; count: number };
  /** Of all that are held, so that the axis stays where it is while ranges and filters change. */
  fit: DurationFit;
};

type Asked = { scope: Scope; selection: Scope | null; sort: Sort; rowsMax: number; places: number; shown: Shown };

/** Chosen durations, or `null` where the axis fits them. What is shorter than `least` has a row of its own, which is always in sight. */
export type Shown = { chosen: { min: number; max: number } | null; least: number };

/** Which flags pass: those that leave this when they are masked. */
const MASKS: Record<Filter, { mask: number; wanted: number }> = {
  all: { mask: 0, wanted: 0 },
  ok: { mask: FLAG_ERROR, wanted: 0 },
  error: { mask: FLAG_ERROR, wanted: FLAG_ERROR },
};

export function survey(table: TraceTable, { scope, selection, sort, rowsMax, places, shown }: Asked): Survey {
  const { alive, start, flags, service, duration, used } = table;
  const { from, to, filter, hidden } = scope;
  const { mask, wanted } = MASKS[filter];
  const { min, max } = shown.chosen ?? { min: 0, max: Infinity };
  const services = new Uint32Array(places);
  const top = new TopRows(table, sort, rowsMax);
  const tally = new DurationTally(duration);
  let [count, errors, longest, oldest, above, below] = [0, 0, 0, Infinity, 0, 0];
  for (let slot = 0; slot < used; slot += 1) {
    if (alive[slot] === 0) continue;
    tally.add(slot);
    if (start[slot] < from || start[slot] >= to || (flags[slot] & mask) !== wanted) continue;
    services[service[slot]] += 1;
    if (hidden.size > 0 && hidden.has(service[slot])) continue;
    count += 1;
    errors += flags[slot] & FLAG_ERROR;
    const ns = duration[slot];
    if (ns > longest) longest = ns;
    if (start[slot] < oldest) oldest = start[slot];
    if (ns > max) above += 1;
    else if (ns < min && ns >= shown.least) below += 1;
    else if (selection === null || isIn(table, slot, selection)) top.offer(slot);
  }
  const fit = tally.fit();
  if (shown.chosen === null && fit.least > fit.shortest) below = countBelow(table, scope, fit, shown);
  return { count, errors, longest, oldest, beyond: { above, below }, services, top: top.end(), fit };
}

/** Those that the fitted axis leaves below its edge. */
function countBelow(table: TraceTable, scope: Scope, fit: DurationFit, { least }: Shown): number {
  const isLog = least > 0;
  if (!isLog) return 0;
  const edge = 10 ** fitY(fit.least, fit.most, isLog).y0;
  return countIn(table, { ...scope, minDuration: least, maxDuration: Math.ceil(edge) - 1 });
}
