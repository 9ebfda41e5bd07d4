// Deltas as server-sent events, while the page is visible. Polls go on beside the stream: they bring what a proxy on the
// way has held back.

import type { Page } from './page';

/** After so many failures in a row the page only polls. */
const FAILURES_MAX = 2;

export type StreamHooks = {
  /** The query with the cursor of the moment at which the stream is opened. */
  query: () => string;
  /** Takes a message: points as JSON. */
  onPoints: (json: string) => void;
  /** Called when the stream has failed for good. */
  onEnd: () => void;
};

export class PointsStream {
  private events: EventSource | null = null;
  private failures = 0;
  private isEnded = false;
  private readonly stopListening: () => void;

  constructor(
    private readonly page: Page,
    private readonly base: string,
    private readonly hooks: StreamHooks,
  ) {
    this.stopListening = page.onVisibility(this.followVisibility);
    this.followVisibility();
  }

  end(): void {
    this.isEnded = true;
    this.events?.close();
    this.events = null;
    this.stopListening();
  }

  private readonly followVisibility = (): void => {
    if (this.page.isHidden()) {
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

  /** Opens a new one instead of letting the browser reconnect: the cursor has moved on since this one was opened. */
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
