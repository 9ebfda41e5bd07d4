// Finds out which traces a restart of the server has lost, once they have been read again.

import { plural } from '../format/number';
import { nowOffset } from '../traces/clock';
import type { TraceTable } from '../traces/table';

export type Notice = { text: string; isGood: boolean };

/** How many traces, and how far back, are read after the restart. */
type ReadLimits = { cap: number; windowNs: number | null };

/** Notices restarts of the server by the epoch of its answers, and judges each once everything has been read anew. */
export class RestartWatch {
  private epoch: string | null = null;
  private restart: Restart | null = null;

  /** Forgets the server, because another one is asked from now on. */
  reset(): void {
    this.epoch = null;
    this.restart = null;
  }

  /** Returns whether an answer is the first one since a restart; `table` still holds the traces from before. */
  isRestart(epoch: string | null, table: TraceTable): boolean {
    const isNew = epoch !== null && this.epoch !== null && epoch !== this.epoch;
    if (isNew) this.restart = new Restart(table);
    this.epoch = epoch ?? this.epoch;
    return isNew;
  }

  /** The notice about a restart that has not been judged yet; `null` without one. */
  judge(table: TraceTable, limits: ReadLimits): Notice | null {
    const notice = this.restart?.judge(table, limits) ?? null;
    this.restart = null;
    return notice;
  }
}

export class Restart {
  /** The starts of the traces that were held before the restart, by trace id. */
  private readonly starts = new Map<string, number>();

  constructor(table: TraceTable) {
    for (let slot = 0; slot < table.used; slot += 1) if (table.alive[slot] === 1) this.starts.set(table.ids[slot], table.start[slot]);
  }

  judge(table: TraceTable, limits: ReadLimits): Notice {
    const missing = this.missing(table, oldestOf(table, limits));
    if (missing === 0) return { text: 'Reconnected after a server restart. No traces were lost.', isGood: true };
    const are = missing === 1 ? 'is' : 'are';
    return { text: `The server was restarted: ${plural(missing, 'trace')} that it had before ${are} gone.`, isGood: false };
  }

  private missing(table: TraceTable, from: number): number {
    let missing = 0;
    for (const [id, start] of this.starts) if (start >= from && table.find(id) === undefined) missing += 1;
    return missing;
  }
}

/** Traces that start before this are not missed: they would have left the window by now, or exceed the cap. */
function oldestOf(table: TraceTable, { cap, windowNs }: ReadLimits): number {
  const from = windowNs === null ? -Infinity : nowOffset() - windowNs;
  if (table.count < cap) return from;
  let oldest = Infinity;
  for (let slot = 0; slot < table.used; slot += 1) if (table.alive[slot] === 1) oldest = Math.min(oldest, table.start[slot]);
  return Math.max(from, oldest);
}
