// The first rows of the table by some order, without sorting all that is held. Pure.

import { serviceName } from '../traces/services';
import type { TraceTable } from '../traces/table';
import type { Sort, SortKey } from '../url/state';

type Compare = (a: number, b: number) => number;

function comparison(table: TraceTable, key: SortKey): Compare {
  switch (key) {
    case 'start':
      return (a, b) => table.start[a] - table.start[b];
    case 'duration':
      return (a, b) => table.duration[a] - table.duration[b];
    case 'spans':
      return (a, b) => table.spans[a] - table.spans[b];
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

  constructor(
    table: TraceTable,
    sort: Sort,
    private readonly most: number,
  ) {
    const by = comparison(table, sort.key);
    const way = sort.descending ? -1 : 1;
    this.compare = (a, b) => way * by(a, b) || table.start[b] - table.start[a] || a - b;
  }

  offer(slot: number): void {
    this.count += 1;
    if (this.worst >= 0 && this.compare(slot, this.worst) > 0) return;
    this.kept.push(slot);
    // Sorted only now and then: twice as many as needed are collected before the worse half goes.
    if (this.kept.length < 2 * this.most) return;
    this.kept = this.kept.sort(this.compare).slice(0, this.most);
    this.worst = this.kept[this.most - 1];
  }

  /** The rows in order, and how many there were in all. */
  end(): { slots: number[]; count: number } {
    return { slots: this.kept.sort(this.compare).slice(0, this.most), count: this.count };
  }
}
