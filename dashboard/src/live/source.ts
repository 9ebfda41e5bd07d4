// Where traces come from. There are two: the dashboard's own API, and the contract alone.

import type { Delta } from '../traces/delta';

export type Batch = { delta: Delta; epoch: string | null };

export interface Source {
  /** What has changed since the last call, in steps that may be shown one by one. */
  poll(signal: AbortSignal): AsyncIterable<Batch>;
  /** The most traces that are held; beyond it the newest are. */
  readonly cap: number;
}
