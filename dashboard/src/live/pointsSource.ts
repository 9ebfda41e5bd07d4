// Deltas by cursor: `GET /api/v1/traces/points`.

import { getJson } from '../api/request';
import type { Points } from '../api/types';
import { learnServerClock } from '../traces/clock';
import { deltaOfPoints } from '../traces/delta';
import type { Batch, Source } from './source';

export class PointsSource implements Source {
  cursor: string | null = null;

  constructor(
    private readonly base: string,
    readonly cap: number,
  ) {}

  async *poll(signal: AbortSignal): AsyncGenerator<Batch> {
    let more = true;
    while (more) {
      const points = await getJson<Points>(this.path(), { base: this.base, signal });
      more = points.more;
      yield this.take(points);
    }
  }

  /** An answer, however it came. */
  take(points: Points): Batch {
    learnServerClock(points.now_ns);
    this.cursor = points.cursor;
    return { delta: deltaOfPoints(points), epoch: points.epoch };
  }

  private path(): string {
    const params = new URLSearchParams({ max: String(this.cap) });
    if (this.cursor !== null) params.set('cursor', this.cursor);
    return `/api/v1/traces/points?${params}`;
  }
}
