// Which dots have just come, for as long as they are faded in. Pure.

import { ALIVE_AT, ROW, SLOT_AT } from './dots';
import { FADE_MS, type DotsUpdate } from './messages';
import type { Dots } from './raster';

/** Limit: more at once is a new picture, not news. */
const ARRIVALS_MAX = 5000;

export type Cohort = { slots: ReadonlySet<number>; at: number };

/** Only those that came together last: the ones before are nearly there. */
export class Arrivals {
  private cohort: Cohort | null = null;

  /** Before the update is applied. */
  note(dots: Dots, { reset, rows }: DotsUpdate, now: number): void {
    if (reset) this.cohort = null;
    // What is there first is not news.
    if (reset || dots.used === 0) return;
    const came = new Set<number>();
    for (let at = 0; at < rows.length; at += ROW) {
      const slot = rows[at + SLOT_AT];
      if (rows[at + ALIVE_AT] === 1 && (slot >= dots.used || dots.alive[slot] === 0)) came.add(slot);
    }
    if (came.size > 0 && came.size <= ARRIVALS_MAX) this.cohort = { slots: came, at: now };
  }

  /** Those that are not all there yet, if any. */
  at(now: number): Cohort | null {
    if (this.cohort !== null && now - this.cohort.at >= FADE_MS) this.cohort = null;
    return this.cohort;
  }
}
