// Tells components of changes to the table, at most once a second while they come from the stream.

import type { Change } from '../traces/table';
import type { Page, Timer } from './page';

/** Limit: the chart draws new dots at once; nobody can read numbers and rows that change more often than this. */
const ANNOUNCE_MS = 1000;

/** What has changed since components were told last. */
export type Pending = { isChanged: boolean; arrived: number };

export class Announcer {
  private pending: Pending = { isChanged: false, arrived: 0 };
  private announcedAt = -Infinity;
  private timer: Timer | undefined;

  constructor(
    private readonly page: Page,
    /** Called when an announcement is due that had to wait. */
    private readonly onDue: () => void,
  ) {}

  note(change: Change): void {
    this.pending.isChanged = true;
    // A trace that has grown is not new, and neither are those that are read anew after a reset.
    if (!change.reset) this.pending.arrived += change.came;
  }

  /** After a poll numbers change even without news: traces slide out of the shown range. */
  noteTime(): void {
    this.pending.isChanged = true;
  }

  /** Hands over what is pending, for an announcement right now. */
  take(): Pending {
    this.page.clearTimer(this.timer);
    this.announcedAt = this.page.now();
    const { pending } = this;
    this.pending = { isChanged: false, arrived: 0 };
    return pending;
  }

  /** Returns whether an announcement is due now; else `onDue` is called when it is. */
  isDue(): boolean {
    this.page.clearTimer(this.timer);
    const pause = this.announcedAt + ANNOUNCE_MS - this.page.now();
    if (pause > 0) this.timer = this.page.setTimer(this.onDue, pause);
    return pause <= 0;
  }
}
