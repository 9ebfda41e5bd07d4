// A connection for tests, and the server behind it: the test says what each poll yields, and how it fails.

import { vi } from 'vitest';

import type { Info, Points } from '../api/types';
import type { TraceEntry } from '../traces/delta';
import type { Change } from '../traces/table';
import { Store } from '../ui/store';
import type { Filter } from '../url/state';
import { fakePage } from './fakePage';
import { LiveTraces } from './liveTraces';
import type { Server } from './server';
import type { Batch, Source } from './source';
import type { StreamHooks } from './stream';

/** A trace that starts at an offset, which also makes its id. */
export const traceAt = (number: number, spans = 1): TraceEntry => ({ id: String(number).padStart(32, '0'), start: number, duration: 1, service: 0, operation: 'x', spans, flags: 0 });

/** One batch of an answer. `total` is how many traces the server has, if not these. */
export type Step = { traces: TraceEntry[]; reset?: boolean; total?: number; rootless?: number; epoch?: string };

const batchOf = ({ traces, reset = false, total = 0, rootless = 0, epoch = 'first' }: Step): Batch => ({
  delta: { reset, entries: traces, count: traces.length, gone: [], evictBefore: -Infinity, total: total || traces.length, rootless },
  epoch,
});

/** A source whose answers the test sets. */
class FakeSource implements Source {
  readonly removesExcess = false;
  filter: Filter = 'all';
  /** What the next poll yields, or how it fails. */
  next: Step[] | Error = [];
  /** Polls wait for this where it is set. */
  held: Promise<void> | null = null;
  polledAt: number[] = [];

  constructor(readonly cap: number) {}

  readonly streaming = { query: () => 'cursor=c', receive: (points: Points) => batchOf(points as unknown as Step) };

  async *poll(): AsyncGenerator<Batch> {
    this.polledAt.push(Date.now());
    const { next } = this;
    this.next = [];
    if (this.held !== null) await this.held;
    if (next instanceof Error) throw next;
    for (const step of next) yield batchOf(step);
  }

  get isFiltered(): boolean {
    return this.filter !== 'all';
  }

  wouldRefilter(filter: Filter, isCut: boolean): boolean {
    return filter !== this.filter && (isCut || this.isFiltered);
  }

  refilter(filter: Filter, isCut: boolean): boolean {
    if (!this.wouldRefilter(filter, isCut)) return false;
    this.filter = filter;
    return true;
  }
}

export const info = { window_ns: 60e9, effective_window_ns: 60e9, features: [] as string[], services: [], now_ns: '0' } as unknown as Info;

/** A page with live traces, and the server behind it. */
export function setUp({ features = [] as string[], cap = 1000, isContract = false } = {}) {
  const tab = fakePage();
  const filter = new Store<Filter>('all');
  const identified: string[] = [];
  const sources: FakeSource[] = [];
  const streams: { hooks: StreamHooks; isEnded: boolean }[] = [];
  const serverAt = (base: string): Server => ({ base, info: isContract ? null : info, windowNs: 60e9, effectiveNs: 60e9, features: new Set(features) });
  const transport = {
    identify: vi.fn((base: string) => {
      identified.push(base);
      return Promise.resolve(serverAt(base));
    }),
    refresh: vi.fn((base: string) => Promise.resolve({ ...serverAt(base), windowNs: 120e9 })),
    openSource: () => {
      const source = new FakeSource(cap);
      source.next = planned.shift() ?? [];
      sources.push(source);
      return source;
    },
    openStream: (_: string, hooks: StreamHooks) => {
      const stream = { hooks, isEnded: false };
      streams.push(stream);
      return { end: () => (stream.isEnded = true) };
    },
  };
  /** The first answers of the sources that are opened, in turn. */
  const planned: (Step[] | Error)[] = [];
  const live = new LiveTraces({ page: tab.page, transport, filter, cap: 5000 });
  const changes: Change[] = [];
  live.onTableChange((change) => changes.push(change));
  const kind = () => live.state.get().connection.kind;
  return { live, tab, filter, transport, identified, sources, streams, planned, changes, kind };
}
