// Polls the server: each poll starts three seconds after the last one started, one at a time, and none while the page is hidden.

import type { Page, Timer } from './page';

export const POLL_MS = 3000;
/** Pauses after failures in a row; the last one repeats. */
export const RETRY_MS = [3000, 6000, 12_000, 30_000] as const;

export type PollerHooks = {
  poll: (signal: AbortSignal) => Promise<void>;
  onFailure: (error: unknown, retryAt: number) => void;
};

export class Poller {
  private timer: Timer | undefined;
  /** Aborts the poll that is under way; `null` between polls. */
  private abort: AbortController | null = null;
  private failures = 0;
  private isStopped = true;
  /** When the next poll may start, by `page.now()`. */
  private dueAt = 0;
  private stopListening: () => void = () => undefined;

  constructor(
    private readonly page: Page,
    private readonly hooks: PollerHooks,
  ) {}

  start(): void {
    if (!this.isStopped) return;
    this.isStopped = false;
    this.failures = 0;
    this.stopListening = this.page.onVisibility(this.visibilityChanged);
    void this.pollOnce();
  }

  stop(): void {
    this.isStopped = true;
    this.page.clearTimer(this.timer);
    this.abort?.abort();
    this.abort = null;
    this.stopListening();
  }

  /** Polls at once, unless a poll is under way. */
  pollNow(): void {
    if (this.isStopped || this.abort !== null) return;
    this.page.clearTimer(this.timer);
    void this.pollOnce();
  }

  private readonly visibilityChanged = (): void => {
    this.page.clearTimer(this.timer);
    if (!this.page.isHidden() && this.abort === null) this.schedule();
  };

  private schedule(): void {
    this.page.clearTimer(this.timer);
    if (this.isStopped || this.page.isHidden()) return;
    this.timer = this.page.setTimer(() => void this.pollOnce(), Math.max(0, this.dueAt - this.page.now()));
  }

  private async pollOnce(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    this.dueAt = this.page.now() + POLL_MS;
    try {
      await this.hooks.poll(abort.signal);
      this.failures = 0;
    } catch (error) {
      if (!abort.signal.aborted) this.failed(error);
    }
    // An aborted poll may end late; by then `stop` and `start` have set up the polls that follow it.
    if (this.abort !== abort) return;
    this.abort = null;
    this.schedule();
  }

  private failed(error: unknown): void {
    const pause = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    this.dueAt = this.page.now() + pause;
    this.hooks.onFailure(error, this.page.date() + pause);
  }
}
