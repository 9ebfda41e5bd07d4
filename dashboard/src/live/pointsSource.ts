// Traces as deltas by cursor: `GET /api/v1/traces/points`.

import { getJson } from '../api/request';
import type { Points } from '../api/types';
import { learnServerClock } from '../traces/clock';
import { deltaOfPoints } from '../traces/delta';
import type { Filter } from '../url/state';
import type { Batch, Source, Streaming } from './source';

export class PointsSource implements Source {
  readonly removesExcess = false;
  private cursor: string | null = null;
  private filter: Filter = 'all';
  /** How many messages the stream has sent. */
  private messages = 0;

  constructor(
    private readonly base: string,
    readonly cap: number,
  ) {}

  async *poll(signal: AbortSignal): AsyncGenerator<Batch> {
    let more = true;
    while (more) {
      const { messages } = this;
      const points = await getJson<Points>(this.path(), { base: this.base, signal });
      // What the stream has sent in the meantime is newer than this answer, which would undo part of it.
      if (messages !== this.messages && !points.reset) return;
      more = points.more;
      yield this.batchOf(points);
    }
  }

  readonly streaming: Streaming = {
    query: () => this.params().toString(),
    receive: (points) => {
      this.messages += 1;
      return this.batchOf(points);
    },
  };

  /**
   * The page filters the traces that it holds. Where the server has more, the server has to filter, or the newest
   * 100,000 traces would hide older errors.
   */
  wouldRefilter(filter: Filter, isCut: boolean): boolean {
    return filter !== this.filter && (isCut || this.filter !== 'all');
  }

  refilter(filter: Filter, isCut: boolean): boolean {
    if (!this.wouldRefilter(filter, isCut)) return false;
    this.filter = filter;
    this.cursor = null;
    return true;
  }

  get isFiltered(): boolean {
    return this.filter !== 'all';
  }

  private batchOf(points: Points): Batch {
    learnServerClock(points.now_ns);
    this.cursor = points.cursor;
    return { delta: deltaOfPoints(points), epoch: points.epoch };
  }

  private params(): URLSearchParams {
    const params = new URLSearchParams(this.filter === 'all' ? {} : { f: this.filter });
    if (this.cursor !== null) params.set('cursor', this.cursor);
    return params;
  }

  private path(): string {
    const params = this.params();
    params.set('max', String(this.cap));
    return `/api/v1/traces/points?${params}`;
  }
}
