// The one connection to a server, and the traces of it that the page holds.

import { describe, Failure } from '../api/failure';
import type { Points } from '../api/types';
import { mark } from '../perf/perf';
import { TraceTable, type Change } from '../traces/table';
import { Store } from '../ui/store';
import type { Filter } from '../url/state';
import { Announcer } from './announcer';
import type { Connection, LiveState } from './liveState';
import type { Page, Timer } from './page';
import { Poller } from './poller';
import { RestartWatch } from './restart';
import type { Batch, Source } from './source';
import type { Transport } from './transport';

/** One poll in so many also asks for the window and the counters of the server: every 15 s. */
const POLLS_PER_INFO = 5;
/** How long good news stays: long enough to be read. */
const GOOD_NEWS_MS = 10_000;

export type LiveDependencies = {
  page: Page;
  transport: Transport;
  /** The status filter that the reader has chosen. */
  filter: { get: () => Filter; subscribe: (listener: () => void) => () => void };
  /** The cap before a server has named its own. */
  cap: number;
};

type ChangeListener = (change: Change) => void;

export class LiveTraces {
  readonly table = new TraceTable();
  readonly state: Store<LiveState>;
  private readonly changeListeners = new Set<ChangeListener>();
  private readonly poller: Poller;
  private readonly announcer: Announcer;
  private readonly stopFollowingFilter: () => void;
  private filter: Filter;
  private source: Source | null = null;
  private stream: { end: () => void } | null = null;
  private readonly restarts = new RestartWatch();
  private noticeTimer: Timer | undefined;
  private polls = 0;

  constructor(private readonly dependencies: LiveDependencies) {
    const { page, filter, cap } = dependencies;
    const connection: Connection = { kind: 'idle', base: '' };
    this.state = new Store<LiveState>({ connection, server: null, version: 0, polledAt: null, arrived: 0, cap, holdsAll: true, notice: null });
    this.poller = new Poller(page, { poll: (signal) => this.poll(signal), onFailure: (error, retryAt) => this.pollFailed(error, retryAt) });
    this.announcer = new Announcer(page, () => this.timed(() => this.announce()));
    this.filter = filter.get();
    this.stopFollowingFilter = filter.subscribe(() => this.filterMayHaveChanged());
  }

  /** Leaves the server asked so far, forgets what it sent, and polls another one. */
  connect(base: string): void {
    this.poller.stop();
    this.leaveSource();
    this.restarts.reset();
    this.polls = 0;
    this.clearTable();
    this.update({ connection: { kind: 'connecting', base }, server: null, polledAt: null, arrived: 0, notice: null });
    this.poller.start();
  }

  retryNow(): void {
    this.poller.pollNow();
  }

  dismissNotice(): void {
    this.update({ notice: null });
  }

  /** Calls the listener with each change of the table at once, for copies of it. Returns how to stop that. */
  onTableChange(listener: ChangeListener): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  /** How far back the server reaches, in ns; `null` where it does not say. */
  get windowNs(): number | null {
    return this.state.get().server?.windowNs ?? null;
  }

  /** Ends all requests and timers. */
  close(): void {
    this.poller.stop();
    this.leaveSource();
    this.stopFollowingFilter();
    this.dependencies.page.clearTimer(this.noticeTimer);
    this.announcer.take();
  }

  private update(part: Partial<LiveState>): void {
    this.state.set({ ...this.state.get(), ...part });
  }

  private async poll(signal: AbortSignal): Promise<void> {
    const { page } = this.dependencies;
    const { base } = this.state.get().connection;
    const source = await this.sourceOf(base, signal);
    this.polls += 1;
    // The stream still sends traces by the old filter.
    if (source.refilter(this.dependencies.filter.get(), this.isCut())) this.endStream();
    let busyMs = 0;
    for await (const batch of source.poll(signal)) {
      signal.throwIfAborted();
      const began = page.now();
      this.apply(batch);
      busyMs += page.now() - began;
      // The first pages are shown one by one; later ones all together, because each costs a rendering.
      if (this.state.get().polledAt === null) this.announce();
    }
    signal.throwIfAborted();
    const began = page.now() - busyMs;
    this.announcer.noteTime();
    this.announce({ connection: { kind: 'connected', base }, polledAt: page.date() });
    this.judgeRestart();
    this.markDelta(began);
    mark('poll');
    this.openStream(source, base);
  }

  /** The source of the server, after it has been identified, or its counters read again where that is due. */
  private async sourceOf(base: string, signal: AbortSignal): Promise<Source> {
    const { transport } = this.dependencies;
    if (this.source === null) {
      const server = await transport.identify(base, signal);
      // The reader may have chosen another server in the meantime.
      signal.throwIfAborted();
      this.source = transport.openSource(server, this.table);
      this.table.cap = this.source.removesExcess ? Infinity : this.source.cap;
      this.update({ server, cap: this.source.cap });
    } else if (this.polls % POLLS_PER_INFO === 0 && this.state.get().server?.info != null) {
      const server = await transport.refresh(base, signal);
      signal.throwIfAborted();
      this.update({ server });
    }
    return this.source;
  }

  private pollFailed(error: unknown, retryAt: number): void {
    const { base } = this.state.get().connection;
    // A server that comes back may be another version, or no longer know the cursor.
    if (error instanceof Failure && error.kind !== 'timeout') this.leaveSource();
    const failure = error instanceof Failure ? error : null;
    this.update({ connection: { kind: 'failed', base, message: describe(error), failure, retryAt } });
  }

  /** Only after the first answer, so that the stream begins where the answer ended. */
  private openStream({ streaming }: Source, base: string): void {
    if (this.stream !== null || streaming === null || !this.state.get().server?.features.has('stream')) return;
    this.stream = this.dependencies.transport.openStream(base, {
      query: () => streaming.query(),
      onPoints: (json) =>
        this.timed(() => {
          this.apply(streaming.receive(JSON.parse(json) as Points));
          if (this.announcer.isDue()) this.announce();
        }),
      // `stream` stays set, so that none is opened again until the server has been identified anew.
      onEnd: () => this.poller.pollNow(),
    });
  }

  private endStream(): void {
    this.stream?.end();
    this.stream = null;
  }

  private leaveSource(): void {
    this.endStream();
    this.source = null;
  }

  private filterMayHaveChanged(): void {
    const filter = this.dependencies.filter.get();
    if (filter === this.filter) return;
    this.filter = filter;
    if (this.source?.wouldRefilter(filter, this.isCut())) this.poller.pollNow();
  }

  /** Whether the server has more traces than are held. */
  private isCut(): boolean {
    const { total, rootless, count } = this.table;
    return total + rootless > count && count >= this.state.get().cap;
  }

  private holdsAll(): boolean {
    const { source, table } = this;
    // While the connection is lost the answer stays what it was.
    if (source === null) return this.state.get().holdsAll;
    // Not the traces without a root: how many there are may be a moment old, and no number is about them.
    return table.total <= table.rooted && table.count <= source.cap && !source.isFiltered;
  }

  /** Says what a restart has cost, which is known once everything has been read anew. */
  private judgeRestart(): void {
    const { page } = this.dependencies;
    const notice = this.restarts.judge(this.table, { cap: this.state.get().cap, windowNs: this.windowNs });
    if (notice === null) return;
    this.update({ notice });
    page.clearTimer(this.noticeTimer);
    if (notice.isGood) this.noticeTimer = page.setTimer(() => this.dismissNotice(), GOOD_NEWS_MS);
  }

  private clearTable(): void {
    this.table.clear();
    this.publish({ reset: true, slots: [], came: 0 });
    this.announce();
  }

  private apply({ delta, epoch }: Batch): void {
    if (this.restarts.isRestart(epoch, this.table)) this.clearTable();
    const began = this.dependencies.page.now();
    this.publish(this.table.apply(delta));
    mark('poll-apply', this.dependencies.page.now() - began);
  }

  /** Hands a change to the copies of the table at once; components follow when it is announced. */
  private publish(change: Change): void {
    if (!change.reset && change.slots.length === 0) return;
    for (const listener of this.changeListeners) listener(change);
    this.announcer.note(change);
  }

  private announce(part: Partial<LiveState> = {}): void {
    const pending = this.announcer.take();
    const { version, arrived } = this.state.get();
    this.update({ ...part, version: pending.isChanged ? version + 1 : version, holdsAll: this.holdsAll(), arrived: arrived + pending.arrived });
  }

  private timed(run: () => void): void {
    const began = this.dependencies.page.now();
    run();
    this.markDelta(began);
  }

  /** Records how long a delta kept the page busy, with components: they render in a microtask before this one. */
  private markDelta(began: number): void {
    const { page } = this.dependencies;
    queueMicrotask(() => mark('delta', page.now() - began));
  }
}
