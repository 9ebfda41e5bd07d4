// The page's side of the drawing thread.

import { mark } from '../perf/perf';
import type { Change, TraceTable } from '../traces/table';
import type { Drawn, DotsUpdate, ToWorker } from './messages';
import type { Scene } from './raster';

export class RasterClient {
  private readonly worker = new Worker(new URL('./raster.worker.ts', import.meta.url), { type: 'module' });
  private number = 0;
  private busy = false;
  private waiting: Scene | null = null;
  /** Updates handed over so far. */
  updates = 0;

  constructor(private readonly onDrawn: (drawn: Drawn) => void) {
    this.worker.addEventListener('message', (event: MessageEvent<Drawn>) => this.receive(event.data));
  }

  /** One drawing at a time; of those that wait only the last is of interest. */
  draw(scene: Scene): void {
    if (this.busy) {
      this.waiting = scene;
      return;
    }
    this.busy = true;
    this.number += 1;
    this.send({ kind: 'draw', number: this.number, scene });
  }

  /** Hands over the slots that have changed, or all of them. */
  update(table: TraceTable, change: Change | 'all'): void {
    const slots = change === 'all' ? Uint32Array.from({ length: table.used }, (_, slot) => slot) : Uint32Array.from(change.slots);
    const pick = <T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(from: T, to: T): T => {
      for (let at = 0; at < slots.length; at += 1) to[at] = from[slots[at]];
      return to;
    };
    const count = slots.length;
    const rows = {
      start: pick(table.start, new Float64Array(count)),
      duration: pick(table.duration, new Float64Array(count)),
      service: pick(table.service, new Uint16Array(count)),
      spans: pick(table.spans, new Uint32Array(count)),
      flags: pick(table.flags, new Uint8Array(count)),
      alive: pick(table.alive, new Uint8Array(count)),
    };
    const update: DotsUpdate = { kind: 'update', reset: change === 'all' || change.reset, used: table.used, slots, rows };
    this.updates += 1;
    this.send(update, [slots.buffer, ...Object.values(rows).map((column) => column.buffer as ArrayBuffer)]);
  }

  close(): void {
    this.worker.terminate();
  }

  private receive(drawn: Drawn): void {
    this.busy = false;
    mark('raster', drawn.ms);
    const { waiting } = this;
    this.waiting = null;
    if (waiting !== null) this.draw(waiting);
    this.onDrawn(drawn);
  }

  private send(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}
