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
  /** Dots that have come at `at` (`clockMs`) and are still being faded in, by themselves. */
  fresh: { bitmap: ImageBitmap; at: number } | null;
  ids: Uint32Array;
  width: number;
  height: number;
  drawn: number;
  /** How many updates of the dots are in it. */
  updates: number;
  ms: number;
};

export type ToWorker = DotsUpdate | DrawRequest;

/** Milliseconds that mean the same on both sides; `performance.now()` begins anew in each thread. */
export const clockMs = (): number => performance.timeOrigin + performance.now();

/** How long a dot takes to come up. */
export const FADE_MS = 300;
