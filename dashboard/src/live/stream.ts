// The same deltas without asking: server-sent events, while somebody looks. Asking goes on beside it: what a stream
// does not tell, because something on the way holds it back, comes so a little later.

/** After so many failures in a row asking every few seconds is the better way. */
const FAILURES_MAX = 2;

export type StreamHooks = {
  /** The cursor and the rest, as they are when it is opened. */
  query: () => string;
  /** An answer as JSON. */
  onPoints: (text: string) => void;
  /** The stream has ended for good. */
  onEnd: () => void;
};

export class PointsStream {
  private events: EventSource | null = null;
  private failures = 0;
  private isEnded = false;

  constructor(
    private readonly base: string,
    private readonly hooks: StreamHooks,
  ) {
    document.addEventListener('visibilitychange', this.follow);
    this.follow();
  }

  end(): void {
    this.isEnded = true;
    this.events?.close();
    this.events = null;
    document.removeEventListener('visibilitychange', this.follow);
  }

  private readonly follow = (): void => {
    if (document.hidden) {
      this.events?.close();
      this.events = null;
    } else if (this.events === null && !this.isEnded) this.open();
  };

  private open(): void {
    const events = new EventSource(`${this.base}/api/v1/stream?${this.hooks.query()}`);
    this.events = events;
    events.addEventListener('points', (event) => {
      this.failures = 0;
      this.hooks.onPoints(event.data as string);
    });
    events.addEventListener('error', () => this.failed(events));
  }

  /** Opened anew by hand, because the cursor has moved on since it was opened. */
  private failed(events: EventSource): void {
    events.close();
    if (events !== this.events) return;
    this.events = null;
    this.failures += 1;
    if (this.failures < FAILURES_MAX) this.open();
    else {
      this.end();
      this.hooks.onEnd();
    }
  }
}
