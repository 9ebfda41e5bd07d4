// Reads the list of the contract page by page, for servers that offer nothing else.
//
// The list tells neither what has changed nor what has left. So each poll reads the newest page, goes on to older ones
// while they bring new traces, and then reads one more older page, another one with each poll. A held trace that is
// missing in its page has left the window.

import { getContractJson } from '../api/request';
import type { TraceList } from '../api/types';
import { nowOffset, nsOfOffset } from '../traces/clock';
import { entryOfSummary, type Delta, type TraceEntry } from '../traces/delta';
import type { TraceTable } from '../traces/table';
import type { Batch, Source } from './source';

/** Limit: the contract allows no larger page. */
const PAGE_TRACES = 1000;
/** Limit: the first poll takes at most twenty requests. The chart says when it does not show all traces. */
export const CONTRACT_TRACES_MAX = 20_000;

/** `before` is the bound that the page was asked with. */
type ListPage = { entries: TraceEntry[]; total: number; isLast: boolean; before: number | null };

export class ContractSource implements Source {
  readonly cap = CONTRACT_TRACES_MAX;
  /** This source has to know itself which traces were read and are held. */
  readonly removesExcess = true;
  /** The contract cannot filter, and has no stream. */
  readonly isFiltered = false;
  readonly streaming = null;
  /** Where the next older page begins, or `null` to start over from the newest ones. */
  private turn: number | null = null;
  private total = 0;

  constructor(
    private readonly base: string,
    private readonly table: TraceTable,
    /** How far back the server reaches; `null` where it does not tell. */
    private readonly windowNs: number | null,
  ) {}

  wouldRefilter(): boolean {
    return false;
  }

  refilter(): boolean {
    return false;
  }

  async *poll(signal: AbortSignal): AsyncGenerator<Batch> {
    let edge: number | null = null;
    for (let pages = 0; pages < CONTRACT_TRACES_MAX / PAGE_TRACES; pages += 1) {
      const page: ListPage = await this.read(edge, signal);
      if (edge === null) this.total = page.total;
      const isKnown = this.knowsSomeOf(page);
      yield this.batch(page);
      if (page.isLast) return;
      edge = edgeBelow(page);
      if (isKnown) break;
    }
    yield* this.readInTurn(edge, signal);
    yield this.cut();
  }

  private async *readInTurn(below: number | null, signal: AbortSignal): AsyncGenerator<Batch> {
    const page = await this.read(this.turn ?? below, signal);
    // Traces beyond the cap are not held, so there is nothing to check.
    const isBeyond = !this.knowsSomeOf(page) && this.table.count >= CONTRACT_TRACES_MAX;
    this.turn = page.isLast || isBeyond ? null : edgeBelow(page);
    yield this.batch(page);
  }

  private async read(before: number | null, signal: AbortSignal): Promise<ListPage> {
    const bound = before === null ? '' : `&before=${nsOfOffset(before)}`;
    const path = `/traces?limit=${PAGE_TRACES}${bound}`;
    const list = await getContractJson<TraceList>(path, { base: this.base, signal });
    const entries = list.traces.map(entryOfSummary);
    return { entries, total: list.total, isLast: entries.length < PAGE_TRACES, before };
  }

  /** Whether the page has held traces. Those at its upper edge do not count: the page before had them, too. */
  private knowsSomeOf({ entries, before }: ListPage): boolean {
    return entries.some(({ id, start }) => (before === null || start < before - 1) && this.table.find(id) !== undefined);
  }

  private batch(page: ListPage): Batch {
    return { delta: this.delta(page.entries, this.missingIn(page)), epoch: null };
  }

  private delta(entries: TraceEntry[], gone: string[]): Delta {
    const evictBefore = this.windowNs === null ? -Infinity : nowOffset() - this.windowNs;
    return { reset: false, entries, count: entries.length, gone, evictBefore, total: this.total };
  }

  /** Ids of held traces that the page would list if the server still had them. */
  private missingIn(page: ListPage): string[] {
    const listed = new Set(page.entries.map(({ id }) => id));
    const from = page.isLast ? -Infinity : page.entries[page.entries.length - 1].start;
    const to = page.before ?? Infinity;
    const { table } = this;
    const gone: string[] = [];
    for (let slot = 0; slot < table.used; slot += 1) {
      const isCovered = table.alive[slot] === 1 && table.start[slot] > from && table.start[slot] < to;
      if (isCovered && !listed.has(table.ids[slot])) gone.push(table.ids[slot]);
    }
    return gone;
  }

  /** Removes the oldest traces beyond the cap. */
  private cut(): Batch {
    const { table } = this;
    const excess = table.count - CONTRACT_TRACES_MAX;
    if (excess <= 0) return { delta: this.delta([], []), epoch: null };
    const starts = table.start.subarray(0, table.used).filter((_, slot) => table.alive[slot] === 1);
    const oldestKept = starts.sort()[excess];
    const gone: string[] = [];
    for (let slot = 0; slot < table.used; slot += 1) {
      if (table.alive[slot] === 1 && table.start[slot] < oldestKept) gone.push(table.ids[slot]);
    }
    return { delta: this.delta([], gone), epoch: null };
  }
}

/** The bound for the next page: one ns above the oldest start, so that no trace with an equal start is skipped. */
function edgeBelow(page: ListPage): number {
  const oldest = page.entries[page.entries.length - 1].start;
  const isOneInstant = oldest === page.entries[0].start;
  return isOneInstant ? oldest : oldest + 1;
}
