// Deltas by cursor: `GET /api/v1/traces/points`.

import { getJson } from '../api/request';
import type { Points } from '../api/types';
import { learnServerClock } from '../traces/clock';
import { deltaOfPoints } from '../traces/delta';
import type { Filter } from '../url/state';
import type { Batch, Source } from './source';

export class PointsSource implements Source {
  cursor: string | null = null;
  private filter: Filter = 'all';
  /** How often the stream has told something. */
  private told = 0;

  constructor(
    private readonly base: string,
    readonly cap: number,
  ) {}

  async *poll(signal: AbortSignal): AsyncGenerator<Batch> {
    let more = true;
    while (more) {
      const { told } = this;
      const points = await getJson<Points>(this.path(), { base: this.base, signal });
      // What the stream has told in the meantime is newer; this would take some of it back.
      if (told !== this.told && !points.reset) return;
      more = points.more;
      yield this.take(points);
    }
  }

  /** What came by itself. */
  hear(points: Points): Batch {
    this.told += 1;
    return this.take(points);
  }

  private take(points: Points): Batch {
    learnServerClock(points.now_ns);
    this.cursor = points.cursor;
    return { delta: deltaOfPoints(points), epoch: points.epoch };
  }

  /**
   * The page filters what it holds. Where that is not all, the server has to filter, or the newest 100,000 would
   * hide older errors. Returns whether what is held has to be read anew.
   */
  follow(filter: Filter, isCut: boolean): boolean {
    if (!this.wouldFollow(filter, isCut)) return false;
    this.filter = filter;
    this.cursor = null;
    return true;
  }

  wouldFollow(filter: Filter, isCut: boolean): boolean {
    return filter !== this.filter && (isCut || this.filter !== 'all');
  }

  get isFiltered(): boolean {
    return this.filter !== 'all';
  }

  /** What the stream is asked with, beside the cursor. */
  query(): string {
    return this.params().toString();
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
