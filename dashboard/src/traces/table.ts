// The traces that are held, in columns. A trace keeps its slot until it leaves; slots are used again.

import type { Delta, TraceRow } from './delta';

const INITIAL_SLOTS = 1024;
/** The oldest go only when so much more than allowed is held: to find them all have to be looked at. */
const TRIM_FACTOR = 1.02;
/** How finely times are told apart for that: sorting all of them would be felt. */
const TRIM_BUCKETS = 4096;

/** What has changed in one step, for whoever keeps a copy. */
export type Change = {
  reset: boolean;
  slots: number[];
  /** How many were not held before. */
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
  /** Slots below this one have been used; only they are worth looking at. */
  used = 0;
  count = 0;
  /** As the server counts. */
  total = 0;
  /** When the newest one started that was ever held; it stays when that one has left. */
  newest = -Infinity;
  /** The most traces that are held; where more come, the oldest ones go. */
  cap = Infinity;
  /** Older ones were let go, and do not come back when they change. */
  private floor = -Infinity;
  private readonly slotOf = new Map<string, number>();
  private readonly free: number[] = [];

  /** Returns what has changed. */
  apply(delta: Delta): Change {
    const slots: number[] = [];
    let came = 0;
    if (delta.reset) this.clear();
    for (const row of delta.rows) {
      const isKnown = this.slotOf.has(row.id);
      const slot = this.put(row);
      if (slot < 0) continue;
      slots.push(slot);
      if (!isKnown) came += 1;
    }
    for (const id of delta.gone) this.remove(id, slots);
    this.evict(delta.evictBefore, slots);
    if (this.count > this.cap * TRIM_FACTOR) this.trim(slots);
    this.total = delta.total;
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
    this.total = 0;
    this.floor = -Infinity;
    this.newest = -Infinity;
  }

  /** The slot where the row stands now, or -1 where it stood there already or is too old. */
  private put(row: TraceRow): number {
    const known = this.slotOf.get(row.id);
    if (known === undefined ? row.start < this.floor : this.isSame(known, row)) return -1;
    const slot = known ?? this.take(row.id);
    if (row.start > this.newest) this.newest = row.start;
    this.start[slot] = row.start;
    this.duration[slot] = row.duration;
    this.service[slot] = row.service;
    this.spans[slot] = row.spans;
    this.flags[slot] = row.flags;
    this.operations[slot] = row.operation;
    return slot;
  }

  private isSame(slot: number, row: TraceRow): boolean {
    return (
      this.start[slot] === row.start &&
      this.duration[slot] === row.duration &&
      this.spans[slot] === row.spans &&
      this.flags[slot] === row.flags &&
      this.service[slot] === row.service &&
      this.operations[slot] === row.operation
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

  /** A time before which no more than so many start, and nearly as many. */
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

function extended<T extends { set(values: T): void }>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
