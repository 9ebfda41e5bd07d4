// What the page and the worker say to each other.

import type { Dots, Scene } from './raster';

/** Rows by slot; a slot whose `alive` is 0 has become free. */
export type DotsUpdate = {
  kind: 'update';
  reset: boolean;
  used: number;
  slots: Uint32Array;
  rows: Omit<Dots, 'used'>;
};

export type DrawRequest = { kind: 'draw'; number: number; scene: Scene };

export type Drawn = {
  number: number;
  scene: Scene;
  bitmap: ImageBitmap;
  ids: Uint32Array;
  width: number;
  height: number;
  drawn: number;
  ms: number;
};

export type ToWorker = DotsUpdate | DrawRequest;
