// Where traces come from. There are two sources: the dashboard's own API, and the contract alone.

import type { Points } from '../api/types';
import type { Delta } from '../traces/delta';
import type { Filter } from '../url/state';

/** One step of an answer. `epoch` changes when the server restarts; the contract has none. */
export type Batch = { delta: Delta; epoch: string | null };

export interface Source {
  /** The most traces that are held at once: the newest ones. */
  readonly cap: number;
  /** Whether the source itself removes traces beyond the cap; else the table does. */
  readonly removesExcess: boolean;
  /** Whether the server leaves out traces that do not match the status filter. */
  readonly isFiltered: boolean;
  /** How a stream goes on from the last answer; `null` where the source knows no stream. */
  readonly streaming: Streaming | null;
  /** Yields what has changed since the last poll, in steps that may be shown one by one. */
  poll(signal: AbortSignal): AsyncIterable<Batch>;
  /** Whether the server has to be asked anew to show another status filter. `isCut`: it has more traces than are held. */
  wouldRefilter(filter: Filter, isCut: boolean): boolean;
  /** Takes over the status filter. Returns whether the next poll reads everything anew. */
  refilter(filter: Filter, isCut: boolean): boolean;
}

export interface Streaming {
  /** The query that the stream is opened with. */
  query(): string;
  /** Takes what the stream has sent. */
  receive(points: Points): Batch;
}
