// The first rows of the table by some order, without sorting all that is held. Pure.

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

/** Takes slots one by one and keeps the first `most`. Ties: newest first. */
export class TopRows {
  private kept: number[] = [];
  private count = 0;
  private worst = -1;
  private readonly compare: Compare;
  private readonly way: 1 | -1;
  private readonly numbers: Float64Array | Uint32Array | null;

  constructor(
    table: TraceTable,
    sort: Sort,
    private readonly most: number,
  ) {
    const by = comparison(table, sort.key);
    const way = sort.descending ? -1 : 1;
    this.way = way;
    this.numbers = numbersOf(table, sort.key);
    this.compare = (a, b) => way * by(a, b) || table.start[b] - table.start[a] || a - b;
  }

  offer(slot: number): void {
    this.count += 1;
    if (this.worst >= 0 && this.isWorse(slot)) return;
    this.kept.push(slot);
    // Sorted only now and then: twice as many as needed are collected before the worse half goes.
    if (this.kept.length < 2 * this.most) return;
    this.kept = this.kept.sort(this.compare).slice(0, this.most);
    this.worst = this.kept[this.most - 1];
  }

  private isWorse(slot: number): boolean {
    const { numbers, worst } = this;
    // Most are told by their numbers alone.
    if (numbers !== null && (numbers[slot] - numbers[worst]) * this.way > 0) return true;
    return this.compare(slot, worst) > 0;
  }

  /** The rows in order, and how many there were in all. */
  end(): { slots: number[]; count: number } {
    return { slots: this.kept.sort(this.compare).slice(0, this.most), count: this.count };
  }
}
