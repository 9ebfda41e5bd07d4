// Asks again and again: three seconds after the last start, one at a time, never while nobody looks.

export const POLL_MS = 3000;
/** After a failure the pauses grow; the last one stays. */
export const RETRY_MS = [3000, 6000, 12_000, 30_000] as const;

export type PollerHooks = {
  run: (signal: AbortSignal) => Promise<void>;
  onFailure: (error: unknown, retryAt: number) => void;
};

export class Poller {
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Of the run that is on its way. */
  private abort: AbortController | null = null;
  private failures = 0;
  private stopped = true;
  /** When the next run may begin, while the page is looked at. */
  private dueAt = 0;

  constructor(private readonly hooks: PollerHooks) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.failures = 0;
    document.addEventListener('visibilitychange', this.onVisibility);
    void this.runOnce();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.abort?.abort();
    this.abort = null;
    document.removeEventListener('visibilitychange', this.onVisibility);
  }

  /** At once, unless a run is on its way. */
  now(): void {
    if (this.stopped || this.abort !== null) return;
    clearTimeout(this.timer);
    void this.runOnce();
  }

  private readonly onVisibility = (): void => {
    clearTimeout(this.timer);
    if (!document.hidden && this.abort === null) this.wait();
  };

  private wait(): void {
    clearTimeout(this.timer);
    if (this.stopped || document.hidden) return;
    this.timer = setTimeout(() => void this.runOnce(), Math.max(0, this.dueAt - performance.now()));
  }

  private async runOnce(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    this.dueAt = performance.now() + POLL_MS;
    try {
      await this.hooks.run(abort.signal);
      this.failures = 0;
    } catch (error) {
      if (!abort.signal.aborted) this.failed(error);
    }
    // A run that was given up may end at any time; what comes next belongs to the one after it.
    if (this.abort !== abort) return;
    this.abort = null;
    this.wait();
  }

  private failed(error: unknown): void {
    const pause = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    this.dueAt = performance.now() + pause;
    this.hooks.onFailure(error, Date.now() + pause);
  }
}
