// The held traces, in columns. A trace keeps its slot until it leaves; then another trace gets the slot.

import { FLAG_ROOTLESS, type Delta, type TraceEntry } from './delta';

const INITIAL_SLOTS = 1024;
/** The oldest traces are removed once the cap is exceeded by so much, because finding them takes a pass over all. */
const TRIM_FACTOR = 1.02;
/** How many buckets of time are counted to find them; sorting all times takes noticeably long. */
const TRIM_BUCKETS = 4096;

/** The slots that one delta has changed, for those who keep a copy of the table. */
export type Change = {
  reset: boolean;
  slots: number[];
  /** How many of the traces are new. */
  came: number;
};

export class TraceTable {
  start = new Float64Array(INITIAL_SLOTS);
  duration = new Float64Array(INITIAL_SLOTS);
  service = new Uint16Array(INITIAL_SLOTS);
  spans = new Uint32Array(INITIAL_SLOTS);
  flags = new Uint8Array(INITIAL_SLOTS);
  alive = new Uint8Array(INITIAL_SLOTS);
  readonly ids: string[] = [];
  readonly operations: string[] = [];
  /** All slots in use lie below this one. */
  used = 0;
  count = 0;
  /** How many of them have a root. */
  rooted = 0;
  /** How many traces with a root the server has, by the last delta, and how many without one. */
  total = 0;
  rootless = 0;
  /** The start of the newest trace that was ever held, even if that trace has left. */
  newest = -Infinity;
  /** The most traces that are held; where more come, the oldest ones go. */
  cap = Infinity;
  /** Older traces were removed for the cap, and are not taken back when they change. */
  private floor = -Infinity;
  private readonly slotOf = new Map<string, number>();
  private readonly free: number[] = [];

  apply(delta: Delta): Change {
    const slots: number[] = [];
    let came = 0;
    if (delta.reset) this.clear();
    for (const entry of delta.entries) {
      const isKnown = this.slotOf.has(entry.id);
      const slot = this.put(entry);
      if (slot < 0) continue;
      slots.push(slot);
      if (!isKnown) came += 1;
    }
    for (const id of delta.gone) this.remove(id, slots);
    this.evict(delta.evictBefore, slots);
    if (this.count > this.cap * TRIM_FACTOR) this.trim(slots);
    this.total = delta.total;
    this.rootless = delta.rootless ?? 0;
    return { reset: delta.reset, slots, came };
  }

  find(id: string): number | undefined {
    return this.slotOf.get(id);
  }

  clear(): void {
    this.slotOf.clear();
    this.free.length = 0;
    this.ids.length = 0;
    this.operations.length = 0;
    this.alive.fill(0, 0, this.used);
    this.used = 0;
    this.count = 0;
    this.rooted = 0;
    this.total = 0;
    this.rootless = 0;
    this.floor = -Infinity;
    this.newest = -Infinity;
  }

  /** The slot of a new or changed trace; -1 where nothing has changed, or the trace is too old. */
  private put(entry: TraceEntry): number {
    const known = this.slotOf.get(entry.id);
    if (known === undefined ? entry.start < this.floor : this.isSame(known, entry)) return -1;
    const slot = known ?? this.take(entry.id);
    this.rooted += rootOf(entry.flags) - (known === undefined ? 0 : rootOf(this.flags[slot]));
    if (entry.start > this.newest) this.newest = entry.start;
    this.start[slot] = entry.start;
    this.duration[slot] = entry.duration;
    this.service[slot] = entry.service;
    this.spans[slot] = entry.spans;
    this.flags[slot] = entry.flags;
    this.operations[slot] = entry.operation;
    return slot;
  }

  private isSame(slot: number, entry: TraceEntry): boolean {
    return (
      this.start[slot] === entry.start &&
      this.duration[slot] === entry.duration &&
      this.spans[slot] === entry.spans &&
      this.flags[slot] === entry.flags &&
      this.service[slot] === entry.service &&
      this.operations[slot] === entry.operation
    );
  }

  private take(id: string): number {
    const slot = this.free.pop() ?? this.used;
    if (slot === this.used) this.used += 1;
    if (slot >= this.start.length) this.grow();
    this.slotOf.set(id, slot);
    this.ids[slot] = id;
    this.alive[slot] = 1;
    this.count += 1;
    return slot;
  }

  private remove(id: string, slots: number[]): void {
    const slot = this.slotOf.get(id);
    if (slot !== undefined) this.release(slot, slots);
  }

  private evict(before: number, slots: number[]): void {
    for (let slot = 0; slot < this.used; slot += 1) {
      if (this.alive[slot] === 1 && this.start[slot] < before) this.release(slot, slots);
    }
  }

  private trim(slots: number[]): void {
    this.floor = this.startAfter(this.count - this.cap);
    this.evict(this.floor, slots);
  }

  /** A time before which nearly `oldest` traces start, and never more. */
  private startAfter(oldest: number): number {
    let [from, to] = [Infinity, -Infinity];
    for (let slot = 0; slot < this.used; slot += 1) {
      if (this.alive[slot] === 0) continue;
      from = Math.min(from, this.start[slot]);
      to = Math.max(to, this.start[slot]);
    }
    const width = (to - from) / TRIM_BUCKETS || 1;
    const counts = new Uint32Array(TRIM_BUCKETS + 1);
    for (let slot = 0; slot < this.used; slot += 1) if (this.alive[slot] === 1) counts[Math.floor((this.start[slot] - from) / width)] += 1;
    let [bucket, left] = [0, oldest];
    while (bucket < TRIM_BUCKETS && counts[bucket] <= left) {
      left -= counts[bucket];
      bucket += 1;
    }
    return Math.floor(from + bucket * width);
  }

  private release(slot: number, slots: number[]): void {
    this.slotOf.delete(this.ids[slot]);
    this.ids[slot] = '';
    this.operations[slot] = '';
    this.alive[slot] = 0;
    this.free.push(slot);
    this.count -= 1;
    this.rooted -= rootOf(this.flags[slot]);
    slots.push(slot);
  }

  private grow(): void {
    const slots = this.start.length * 2;
    this.start = extended(this.start, new Float64Array(slots));
    this.duration = extended(this.duration, new Float64Array(slots));
    this.service = extended(this.service, new Uint16Array(slots));
    this.spans = extended(this.spans, new Uint32Array(slots));
    this.flags = extended(this.flags, new Uint8Array(slots));
    this.alive = extended(this.alive, new Uint8Array(slots));
  }
}

/** How many roots a trace with these flags has: one or none. */
const rootOf = (flags: number): number => (flags & FLAG_ROOTLESS ? 0 : 1);

function extended<T extends { set(values: T): void }>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
