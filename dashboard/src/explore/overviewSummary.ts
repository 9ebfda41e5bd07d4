// Summarises the held traces for the overview in one pass: with 100,000 traces each further pass would be felt. Pure.

import { fitY } from '../scatter/view';
import { FLAG_ERROR, FLAG_ROOTLESS } from '../traces/delta';
import { DurationTally, type DurationFit } from '../traces/durationFit';
import { countIn, isIn, type Scope } from '../traces/scope';
import type { TraceTable } from '../traces/table';
import type { Filter, Sort } from '../url/state';
import { TopRows } from './topRows';

export type OverviewSummary = {
  /** How many traces are in the range, match the filter and are of shown services. The numbers below are of these. */
  count: number;
  errors: number;
  /** How many have no root. */
  rootless: number;
  longest: number;
  /** The start of the oldest; `Infinity` without a trace. */
  oldest: number;
  /** How many are longer or shorter than the shown durations. */
  beyond: { above: number; below: number };
  /** How many traces with a root each service has in the range and by the filter, by its index; hidden services too. */
  services: Uint32Array;
  /** How many traces without a root, alike. */
  servicesRootless: Uint32Array;
  /** The first rows of the table, in order, and how many rows there would be: traces in the selection with shown durations. */
  top: { slots: number[]; count: number; rootless: number };
  /** The durations of all held traces, so that the axis does not move when range and filter change. */
  fit: DurationFit;
};

type SummaryOptions = { scope: Scope; selection: Scope | null; sort: Sort; rowsMax: number; serviceCount: number; shown: ShownDurations };

/** `chosen` is `null` where the axis fits the data. Traces shorter than `least` have a row of their own, which is always shown. */
export type ShownDurations = { chosen: { min: number; max: number } | null; least: number };

/** A trace passes a filter where its flags, masked, equal `wanted`. */
const MASKS: Record<Filter, { mask: number; wanted: number }> = {
  all: { mask: 0, wanted: 0 },
  ok: { mask: FLAG_ERROR, wanted: 0 },
  error: { mask: FLAG_ERROR, wanted: FLAG_ERROR },
};

export function summariseTraces(table: TraceTable, { scope, selection, sort, rowsMax, serviceCount, shown }: SummaryOptions): OverviewSummary {
  const { alive, start, flags, service, duration, used } = table;
  const { from, to, filter, hidden } = scope;
  const { mask, wanted } = MASKS[filter];
  const { min, max } = shown.chosen ?? { min: 0, max: Infinity };
  const services = new Uint32Array(serviceCount);
  const servicesRootless = new Uint32Array(serviceCount);
  const top = new TopRows(table, sort, rowsMax);
  const tally = new DurationTally(duration);
  let [count, errors, rootless, longest, oldest, above, below] = [0, 0, 0, 0, Infinity, 0, 0];
  for (let slot = 0; slot < used; slot += 1) {
    if (alive[slot] === 0) continue;
    tally.add(slot);
    if (start[slot] < from || start[slot] >= to || (flags[slot] & mask) !== wanted) continue;
    const isRootless = (flags[slot] & FLAG_ROOTLESS) !== 0;
    if (isRootless) servicesRootless[service[slot]] += 1;
    else services[service[slot]] += 1;
    if (hidden.size > 0 && hidden.has(service[slot])) continue;
    count += 1;
    errors += flags[slot] & FLAG_ERROR;
    if (isRootless) rootless += 1;
    const ns = duration[slot];
    if (ns > longest) longest = ns;
    if (start[slot] < oldest) oldest = start[slot];
    if (ns > max) above += 1;
    else if (ns < min && ns >= shown.least) below += 1;
    else if (selection === null || isIn(table, slot, selection)) top.offer(slot);
  }
  const fit = tally.fit();
  if (shown.chosen === null && fit.least > fit.shortest) below = countBelow(table, scope, fit, shown);
  return { count, errors, rootless, longest, oldest, beyond: { above, below }, services, servicesRootless, top: top.end(), fit };
}

/** How many traces lie below an axis that fits the data. */
function countBelow(table: TraceTable, scope: Scope, fit: DurationFit, { least }: ShownDurations): number {
  const isLog = least > 0;
  if (!isLog) return 0;
  const edge = 10 ** fitY(fit.least, fit.most, isLog).y0;
  return countIn(table, { ...scope, minDuration: least, maxDuration: Math.ceil(edge) - 1 });
}
