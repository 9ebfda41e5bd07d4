// The list of the contract, page by page, for servers that offer nothing else.
//
// A list says neither what has changed nor what has left. So each poll reads the newest page, goes back while
// pages bring something new, and then reads one older page in turn. A trace that should stand in a page and
// does not has left the window.

import { getContractJson } from '../api/request';
import type { TraceList } from '../api/types';
import { nowOffset, nsOfOffset } from '../traces/clock';
import { rowOfSummary, type Delta, type TraceRow } from '../traces/delta';
import type { TraceTable } from '../traces/table';
import type { Batch, Source } from './source';

/** The contract's limit. */
const PAGE_TRACES = 1000;
/** Limit: twenty requests for a first picture; the dashboard says so where it cuts. */
export const CONTRACT_TRACES_MAX = 20_000;

type Page = { rows: TraceRow[]; total: number; isLast: boolean; before: number | null };

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
    /** How far back the server reaches, where it says so. */
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
      const page: Page = await this.read(edge, signal);
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
    // Beyond the cap is nothing that is held.
    const isBeyond = !this.knowsSomeOf(page) && this.table.count >= CONTRACT_TRACES_MAX;
    this.turn = page.isLast || isBeyond ? null : edgeBelow(page);
    yield this.batch(page);
  }

  private async read(before: number | null, signal: AbortSignal): Promise<Page> {
    const bound = before === null ? '' : `&before=${nsOfOffset(before)}`;
    const path = `/traces?limit=${PAGE_TRACES}${bound}`;
    const list = await getContractJson<TraceList>(path, { base: this.base, signal });
    const rows = list.traces.map(rowOfSummary);
    return { rows, total: list.total, isLast: rows.length < PAGE_TRACES, before };
  }

  /** Without those at the upper edge, which the page before has brought. */
  private knowsSomeOf({ rows, before }: Page): boolean {
    return rows.some((row) => (before === null || row.start < before - 1) && this.table.find(row.id) !== undefined);
  }

  private batch(page: Page): Batch {
    return { delta: this.delta(page.rows, this.missingIn(page)), epoch: null };
  }

  private delta(rows: TraceRow[], gone: string[]): Delta {
    const evictBefore = this.windowNs === null ? -Infinity : nowOffset() - this.windowNs;
    return { reset: false, rows, count: rows.length, gone, evictBefore, total: this.total };
  }

  /** Traces that are held and would stand in the page if the server still had them. */
  private missingIn(page: Page): string[] {
    const listed = new Set(page.rows.map((row) => row.id));
    const from = page.isLast ? -Infinity : page.rows[page.rows.length - 1].start;
    const to = page.before ?? Infinity;
    const { table } = this;
    const gone: string[] = [];
    for (let slot = 0; slot < table.used; slot += 1) {
      const isCovered = table.alive[slot] === 1 && table.start[slot] > from && table.start[slot] < to;
      if (isCovered && !listed.has(table.ids[slot])) gone.push(table.ids[slot]);
    }
    return gone;
  }

  /** The oldest beyond the cap. */
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

/** One above the oldest start, so that a trace with an equal start is not passed over; offsets are exact. */
function edgeBelow(page: Page): number {
  const oldest = page.rows[page.rows.length - 1].start;
  const isOneInstant = oldest === page.rows[0].start;
  return isOneInstant ? oldest : oldest + 1;
}
