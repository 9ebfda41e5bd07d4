// Knows the dots that have just arrived, while they are faded in. Pure.

import { ALIVE_AT, ROW, SLOT_AT } from './dots';
import { FADE_MS, type DotsUpdate } from './messages';
import type { Dots } from './raster';

/** Limit: more dots at once are shown without fading. */
const ARRIVALS_MAX = 5000;

/** Dots that arrived together. */
export type Cohort = { slots: ReadonlySet<number>; at: number };

/** Fades only the last cohort: the one before is nearly opaque by then. */
export class Arrivals {
  private cohort: Cohort | null = null;

  /** Notes the new dots of an update. Call it before the update is applied. */
  note(dots: Dots, { reset, rows }: DotsUpdate, now: number): void {
    if (reset) this.cohort = null;
    // The first dots are not faded in.
    if (reset || dots.used === 0) return;
    const came = new Set<number>();
    for (let at = 0; at < rows.length; at += ROW) {
      const slot = rows[at + SLOT_AT];
      if (rows[at + ALIVE_AT] === 1 && (slot >= dots.used || dots.alive[slot] === 0)) came.add(slot);
    }
    if (came.size > 0 && came.size <= ARRIVALS_MAX) this.cohort = { slots: came, at: now };
  }

  /** The dots that are still being faded in. */
  at(now: number): Cohort | null {
    if (this.cohort !== null && now - this.cohort.at >= FADE_MS) this.cohort = null;
    return this.cohort;
  }
}
