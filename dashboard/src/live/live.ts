// The one place that talks to the server about recent traces and holds them.

import { describe, Failure } from '../api/failure';
import { getJson } from '../api/request';
import type { Info, Points } from '../api/types';
import { mark } from '../perf/perf';
import { TraceTable, type Change } from '../traces/table';
import { subscribeUrl, urlState } from '../url/location';
import { Store } from '../ui/store';
import { ContractSource } from './contractSource';
import { PointsSource } from './pointsSource';
import { Poller } from './poller';
import { Restart, type Notice } from './restart';
import { meet, withInfo, type Server } from './server';
import type { Batch, Source } from './source';
import { PointsStream } from './stream';

/** The window and the counters of the server are asked for once in so many polls: every 15 s. */
const POLLS_PER_INFO = 5;
/** Limit: the chart draws what comes at once; numbers and rows that change more often than this cannot be read. */
const TELL_MS = 1000;
/** Long enough to be read; nothing has to be done about it. */
const GOOD_NEWS_MS = 10_000;
/** Limit: as many dots as a screen can tell apart. */
const POINTS_MAX = 100_000;

export type Connection =
  /** Nobody is asked: the reader has to allow it first. */
  | { kind: 'idle'; base: string }
  | { kind: 'connecting'; base: string }
  | { kind: 'connected'; base: string }
  | { kind: 'failed'; base: string; message: string; failure: Failure | null; retryAt: number };

export type LiveState = {
  connection: Connection;
  /** Who answered last; it stays while the connection is lost. */
  server: Server | null;
  /** Another number whenever the table has changed. */
  version: number;
  /** When the last poll ended well, in ms; none before the first. */
  polledAt: number | null;
  /** Traces that have come since the page was opened. */
  arrived: number;
  cap: number;
  /** Whether nothing that the server has is missing in the table. */
  holdsAll: boolean;
  notice: Notice | null;
};

export const table = new TraceTable();
export const live = new Store<LiveState>({
  connection: { kind: 'idle', base: '' },
  server: null,
  version: 0,
  polledAt: null,
  arrived: 0,
  cap: POINTS_MAX,
  holdsAll: true,
  notice: null,
});

type ChangeListener = (change: Change) => void;
const changeListeners = new Set<ChangeListener>();

/** For whoever keeps a copy of the table. */
export function onTableChange(listener: ChangeListener): () => void {
  changeListeners.add(listener);
  return () => changeListeners.delete(listener);
}

function update(part: Partial<LiveState>): void {
  live.set({ ...live.get(), ...part });
}

let source: Source | null = null;
let stream: PointsStream | null = null;
let epoch: string | null = null;
/** What was shown when the server was found restarted, until it has been read anew. */
let restart: Restart | null = null;
let noticeTimer: ReturnType<typeof setTimeout> | undefined;
let polls = 0;
let untold = { isChanged: false, came: 0 };
let toldAt = -Infinity;
let tellTimer: ReturnType<typeof setTimeout> | undefined;

const poller = new Poller({ run: pollOnce, onFailure: onPollFailure });

let lastFilter = urlState().filter;
subscribeUrl(() => {
  const { filter } = urlState();
  if (filter === lastFilter) return;
  lastFilter = filter;
  // Where all is held there is nothing to ask for; the poll itself knows.
  if (source instanceof PointsSource && source.wouldFollow(filter, isCut())) poller.now();
});

/** Leaves the server asked so far, and all it had said, for another one. */
export function connect(base: string): void {
  poller.stop();
  leaveSource();
  epoch = null;
  restart = null;
  polls = 0;
  forget();
  update({ connection: { kind: 'connecting', base }, server: null, polledAt: null, arrived: 0, notice: null });
  poller.start();
}

export function retryNow(): void {
  poller.now();
}

export function dismissNotice(): void {
  update({ notice: null });
}

async function pollOnce(signal: AbortSignal): Promise<void> {
  const { base } = live.get().connection;
  if (source === null) adopt(await introduce(base, signal), signal);
  else if (polls % POLLS_PER_INFO === 0) await refreshInfo(base, signal);
  polls += 1;
  if (source instanceof PointsSource && source.follow(urlState().filter, isCut())) endStream();
  let busyMs = 0;
  for await (const batch of source!.poll(signal)) {
    signal.throwIfAborted();
    const began = performance.now();
    take(batch);
    busyMs += performance.now() - began;
    // The first pages are shown one by one; later ones in one go, because each costs a rendering.
    if (live.get().polledAt === null) tell();
  }
  signal.throwIfAborted();
  const began = performance.now() - busyMs;
  tellPolled(base);
  tellRestart();
  markSettled(began);
  mark('poll');
  openStream(base);
}

function take(batch: Batch): void {
  noticeEpoch(batch.epoch);
  const began = performance.now();
  publish(table.apply(batch.delta));
  mark('poll-apply', performance.now() - began);
}

/** How long the page was busy with a delta, components included: they render in a microtask before this one. */
function markSettled(began: number): void {
  queueMicrotask(() => mark('delta', performance.now() - began));
}

/** After the first answer, so that the stream begins where it ended. */
function openStream(base: string): void {
  const points = source;
  if (stream !== null || !(points instanceof PointsSource) || !live.get().server?.features.has('stream')) return;
  stream = new PointsStream(base, {
    query: () => points.query(),
    onPoints: (text) => {
      const began = performance.now();
      take(points.hear(JSON.parse(text) as Points));
      tellInTime();
      markSettled(began);
    },
    // The one that has ended stays in its place, so that no other is tried until the server is met again.
    onEnd: () => poller.now(),
  });
}

const isCut = (): boolean => table.total > table.count && table.count >= live.get().cap;

/** While the connection is lost it stays as it was. */
function holdsAll(): boolean {
  if (source === null) return live.get().holdsAll;
  return table.total <= table.count && table.count <= source.cap && !(source instanceof PointsSource && source.isFiltered);
}

function endStream(): void {
  stream?.end();
  stream = null;
}

function leaveSource(): void {
  endStream();
  source = null;
}

async function introduce(base: string, signal: AbortSignal): Promise<{ server: Server; source: Source }> {
  const server = await meet(base, signal);
  if (!server.features.has('points')) return { server, source: new ContractSource(base, table, server.windowNs) };
  return { server, source: new PointsSource(base, Math.min(POINTS_MAX, server.info?.points_max ?? POINTS_MAX)) };
}

/** The one that answers from now on, unless another one was asked for in the meantime. */
function adopt(met: { server: Server; source: Source }, signal: AbortSignal): void {
  signal.throwIfAborted();
  source = met.source;
  // The contract's source lets go by itself, because it has to know what it has read.
  table.most = source instanceof PointsSource ? source.cap : Infinity;
  update({ server: met.server, cap: source.cap });
}

async function refreshInfo(base: string, signal: AbortSignal): Promise<void> {
  if (live.get().server?.info == null) return;
  const info = await getJson<Info>('/api/v1/info', { base, signal });
  signal.throwIfAborted();
  update({ server: withInfo(base, info) });
}

function noticeEpoch(next: string | null): void {
  if (next !== null && epoch !== null && next !== epoch) {
    restart = new Restart(table);
    forget();
  }
  epoch = next ?? epoch;
}

/** Only now is known what is missing. */
function tellRestart(): void {
  if (restart === null) return;
  const { server } = live.get();
  const notice = restart.judge(table, { cap: live.get().cap, windowNs: server?.windowNs ?? null });
  restart = null;
  update({ notice });
  clearTimeout(noticeTimer);
  if (notice.isGood) noticeTimer = setTimeout(dismissNotice, GOOD_NEWS_MS);
}

function forget(): void {
  table.clear();
  publish({ reset: true, slots: [], came: 0 });
  tell();
}

function publish(change: Change): void {
  if (!change.reset && change.slots.length === 0) return;
  for (const listener of changeListeners) listener(change);
  untold.isChanged = true;
  // A trace that has grown is not a new one, and what is read anew is no news.
  if (!change.reset) untold.came += change.came;
}

/** At once, or when the last time is long enough ago. */
function tellInTime(): void {
  clearTimeout(tellTimer);
  const pause = toldAt + TELL_MS - performance.now();
  if (pause <= 0) tell();
  else tellTimer = setTimeout(tellLate, pause);
}

function tellLate(): void {
  const began = performance.now();
  tell();
  markSettled(began);
}

/** What slides out of the last minutes leaves the numbers and rows, also while nothing comes. */
function tellPolled(base: string): void {
  untold.isChanged = true;
  tell({ connection: { kind: 'connected', base }, polledAt: Date.now() });
}

/** Lets the components know of what has been published since the last time. */
function tell(part: Partial<LiveState> = {}): void {
  clearTimeout(tellTimer);
  toldAt = performance.now();
  const { version, arrived } = live.get();
  update({ ...part, version: untold.isChanged ? version + 1 : version, holdsAll: holdsAll(), arrived: arrived + untold.came });
  untold = { isChanged: false, came: 0 };
}

function onPollFailure(error: unknown, retryAt: number): void {
  const { base } = live.get().connection;
  // A server that comes back may be another version, or have forgotten what the cursor meant.
  if (error instanceof Failure && error.kind !== 'timeout') leaveSource();
  const failure = error instanceof Failure ? error : null;
  update({ connection: { kind: 'failed', base, message: describe(error), failure, retryAt } });
}
