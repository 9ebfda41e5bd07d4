// Type-ahead: letters typed on the waterfall go to the next row whose name begins with them.

import { serviceName } from '../../traces/services';
import type { TraceModel } from '../model/traceModel';
import { firstRowOf, type ShownRows } from './shownRows';

/** Limit: after a longer pause a letter begins a new word. */
const PAUSE_MS = 800;

export class TypeAhead {
  private text = '';
  private at = -Infinity;

  /** Adds a key. Returns the word so far; `null` where the key is not part of a word. `mayBegin`: it may be the first letter. */
  type(key: string, now: number, mayBegin: boolean): string | null {
    const isGoingOn = now - this.at < PAUSE_MS;
    if ([...key].length !== 1 || (key === ' ' && !isGoingOn) || (!isGoingOn && !mayBegin)) return null;
    this.text = isGoingOn ? this.text + key : key;
    this.at = now;
    return this.text;
  }
}

/**
 * The index of the next shown row whose name begins with the text; it starts over at the end. -1 for none. A single letter
 * begins after `from`, a longer text at it.
 */
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
