// Sends dots and requests to the worker that draws, and receives its pictures.

import { mark } from '../perf/perf';
import type { Change, TraceTable } from '../traces/table';
import { packRows } from './dots';
import type { Drawn, ToWorker } from './messages';
import type { Scene } from './raster';

export class RasterClient {
  private readonly worker = new Worker(new URL('./raster.worker.ts', import.meta.url), { type: 'module' });
  private number = 0;
  private busy = false;
  private waiting: Scene | null = null;
  private spare: Uint32Array | null = null;
  /** How many updates were sent so far. */
  updates = 0;

  constructor(private readonly onDrawn: (drawn: Drawn) => void) {
    this.worker.addEventListener('message', (event: MessageEvent<Drawn>) => this.receive(event.data));
  }

  /** Asks for a picture. While one is being drawn, only the last request waits. */
  draw(scene: Scene): void {
    if (this.busy) {
      this.waiting = scene;
      return;
    }
    this.busy = true;
    this.number += 1;
    const { spare } = this;
    this.spare = null;
    this.send({ kind: 'draw', number: this.number, scene, spare }, spare === null ? [] : [spare.buffer]);
  }

  /** Sends the slots that have changed, or all of them. */
  update(table: TraceTable, change: Change | 'all'): void {
    const slots = change === 'all' ? Array.from({ length: table.used }, (_, slot) => slot) : change.slots;
    const rows = packRows(table, slots);
    this.updates += 1;
    this.send({ kind: 'update', reset: change === 'all' || change.reset, used: table.used, rows }, [rows.buffer]);
  }

  /** Takes the ids buffer of an old picture, for the next one. */
  reuse(ids: Uint32Array): void {
    this.spare = ids;
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
