// The messages between the page and the worker that draws.

import type { Scene } from './raster';

/** Changed rows, packed by `packRows`: one buffer is transferred faster than seven. */
export type DotsUpdate = { kind: 'update'; reset: boolean; used: number; rows: Float64Array };

/** `spare` is the `ids` buffer of an old picture, to be used again: new ones would be most of the garbage. */
export type DrawRequest = { kind: 'draw'; number: number; scene: Scene; spare: Uint32Array | null };

export type Drawn = {
  number: number;
  scene: Scene;
  bitmap: ImageBitmap;
  /** A picture of only the dots that arrived at `at` (`clockMs`) and are being faded in. */
  fresh: { bitmap: ImageBitmap; at: number } | null;
  ids: Uint32Array;
  width: number;
  height: number;
  /** How many dots were drawn. */
  drawn: number;
  /** How many updates the picture contains. */
  updates: number;
  ms: number;
};

export type ToWorker = DotsUpdate | DrawRequest;

/** A clock that page and worker share; `performance.now()` starts at 0 in each thread. */
export const clockMs = (): number => performance.timeOrigin + performance.now();

/** How long a new dot is faded in. */
export const FADE_MS = 300;
