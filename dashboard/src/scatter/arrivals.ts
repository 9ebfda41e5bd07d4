// Which dots have just come, for as long as they are faded in. Pure.

import { FADE_MS, type DotsUpdate } from './messages';
import type { Dots } from './raster';

/** Limit: more at once is a new picture, not news. */
const ARRIVALS_MAX = 5000;

export type Cohort = { slots: ReadonlySet<number>; at: number };

/** Only those that came together last: the ones before are nearly there. */
export class Arrivals {
  private cohort: Cohort | null = null;

  /** Before the update is applied. */
  note(dots: Dots, { reset, slots, rows }: DotsUpdate, now: number): void {
    if (reset) this.cohort = null;
    // What is there first is not news.
    if (reset || dots.used === 0) return;
    const came = slots.filter((slot, at) => rows.alive[at] === 1 && (slot >= dots.used || dots.alive[slot] === 0));
    if (came.length > 0 && came.length <= ARRIVALS_MAX) this.cohort = { slots: new Set(came), at: now };
  }

  /** Those that are not all there yet, if any. */
  at(now: number): Cohort | null {
    if (this.cohort !== null && now - this.cohort.at >= FADE_MS) this.cohort = null;
    return this.cohort;
  }
}
