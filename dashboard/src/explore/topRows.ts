// Selects the first rows of the table by an order, without sorting all held traces. Pure.

import { FLAG_ROOTLESS } from '../traces/delta';
import { serviceName } from '../traces/services';
import type { TraceTable } from '../traces/table';
import type { Sort, SortKey } from '../url/state';

type Compare = (a: number, b: number) => number;

function numbersOf(table: TraceTable, key: SortKey): Float64Array | Uint32Array | null {
  return key === 'start' || key === 'duration' || key === 'spans' ? table[key] : null;
}

function comparison(table: TraceTable, key: SortKey): Compare {
  switch (key) {
    case 'start':
    case 'duration':
    case 'spans':
      return (a, b) => table[key][a] - table[key][b];
    case 'service':
      return (a, b) => text(serviceName(table.service[a]), serviceName(table.service[b]));
    case 'operation':
      return (a, b) => text(table.operations[a], table.operations[b]);
  }
}

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Takes slots one by one and keeps the first `most`. Equal ones: newest first. */
export class TopRows {
  private count = 0;
  private rootless = 0;
  /** A heap with the last of the kept rows on top, which a better one replaces in a few steps. */
  private readonly kept: Int32Array;
  private size = 0;
  private readonly compare: Compare;
  private readonly way: 1 | -1;
  private readonly flags: Uint8Array;
  private readonly numbers: Float64Array | Uint32Array | null;

  constructor(
    table: TraceTable,
    sort: Sort,
    private readonly most: number,
  ) {
    const by = comparison(table, sort.key);
    const way = sort.descending ? -1 : 1;
    this.way = way;
    this.flags = table.flags;
    this.kept = new Int32Array(most);
    this.numbers = numbersOf(table, sort.key);
    this.compare = (a, b) => way * by(a, b) || table.start[b] - table.start[a] || a - b;
  }

  offer(slot: number): void {
    this.count += 1;
    if ((this.flags[slot] & FLAG_ROOTLESS) !== 0) this.rootless += 1;
    if (this.size < this.most) {
      this.size += 1;
      this.rise(this.size - 1, slot);
    } else if (this.isBetter(slot, this.kept[0])) this.sink(slot);
  }

  private isBetter(slot: number, other: number): boolean {
    const { numbers, way } = this;
    if (numbers === null) return this.compare(slot, other) < 0;
    // Most are decided by their numbers alone.
    const by = (numbers[slot] - numbers[other]) * way;
    return by === 0 ? this.compare(slot, other) < 0 : by < 0;
  }

  private rise(from: number, slot: number): void {
    const { kept } = this;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBetter(kept[parent], slot)) break;
      kept[at] = kept[parent];
      at = parent;
    }
    kept[at] = slot;
  }

  /** Replaces the row on top. */
  private sink(slot: number): void {
    const { kept, size } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBetter(kept[child], kept[child + 1])) child += 1;
      if (!this.isBetter(slot, kept[child])) break;
      kept[at] = kept[child];
      at = child;
    }
    kept[at] = slot;
  }

  /** The kept rows in order, how many were offered, and how many of these have no root. */
  end(): { slots: number[]; count: number; rootless: number } {
    return { slots: Array.from(this.kept.subarray(0, this.size)).sort(this.compare), count: this.count, rootless: this.rootless };
  }
}
