// What the page and the worker say to each other.

import type { Scene } from './raster';

/** Rows that have changed, as `packRows` puts them: one buffer is handed over faster than a column each. */
export type DotsUpdate = { kind: 'update'; reset: boolean; used: number; rows: Float64Array };

/** `spare` is the `ids` of a picture that is no longer shown; made anew each time they would be most of the garbage. */
export type DrawRequest = { kind: 'draw'; number: number; scene: Scene; spare: Uint32Array | null };

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
