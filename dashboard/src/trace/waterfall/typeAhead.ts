// Letters typed on the waterfall lead to the next row whose name begins with them. Pure, but for what was typed last.

import { serviceName } from '../../traces/services';
import type { TraceModel } from '../model/traceModel';
import { firstRowOf, type ShownRows } from './shownRows';

/** Limit: whoever pauses longer begins a new word. */
const PAUSE_MS = 800;

export class TypeAhead {
  private text = '';
  private at = -Infinity;

  /** What has been typed with this key, or `null` where the key is none of a word, or begins none. */
  type(key: string, now: number, mayBegin: boolean): string | null {
    const isGoingOn = now - this.at < PAUSE_MS;
    if ([...key].length !== 1 || (key === ' ' && !isGoingOn) || (!isGoingOn && !mayBegin)) return null;
    this.text = isGoingOn ? this.text + key : key;
    this.at = now;
    return this.text;
  }
}

/** The service among the shown rows, after `from` and around, or -1. A first letter goes on to the next row. */
export function findTyped(model: TraceModel, shown: ShownRows, from: number, text: string): number {
  const wanted = text.toLowerCase();
  const operations = model.columns.operations.map((name) => name.toLowerCase().startsWith(wanted));
  const services = new Map(model.services.map((service) => [service, serviceName(service).toLowerCase().startsWith(wanted)]));
  const first = [...text].length === 1 ? 1 : 0;
  for (let step = first; step < shown.count + first; step += 1) {
    const index = (from + step) % shown.count;
    const span = model.forest.spanOf[firstRowOf(model.groups, shown.code[index])];
    if (operations[model.columns.operation[span]] || services.get(model.columns.service[span])) return index;
  }
  return -1;
}
