// Deltas by cursor: `GET /api/v1/traces/points`.

import { getJson } from '../api/request';
import type { Points } from '../api/types';
import { learnServerClock } from '../traces/clock';
import { deltaOfPoints } from '../traces/delta';
import type { Batch, Source } from './source';

export class PointsSource implements Source {
  private cursor: string | null = null;

  constructor(
    private readonly base: string,
    readonly cap: number,
  ) {}

  async *poll(signal: AbortSignal): AsyncGenerator<Batch> {
    let more = true;
    while (more) {
      const points = await getJson<Points>(this.path(), { base: this.base, signal });
      learnServerClock(points.now_ns);
      this.cursor = points.cursor;
      more = points.more;
      yield { delta: deltaOfPoints(points), epoch: points.epoch };
    }
  }

  private path(): string {
    const params = new URLSearchParams({ max: String(this.cap) });
    if (this.cursor !== null) params.set('cursor', this.cursor);
    return `/api/v1/traces/points?${params}`;
  }
}
