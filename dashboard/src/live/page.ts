// What polling needs from the browser's page: its clock, its timers and whether it is visible. Tests give their own.

export type Timer = ReturnType<typeof setTimeout>;

export type Page = {
  /** Milliseconds that never run backwards. */
  now: () => number;
  /** Milliseconds since 1970. */
  date: () => number;
  setTimer: (run: () => void, ms: number) => Timer;
  clearTimer: (timer: Timer | undefined) => void;
  isHidden: () => boolean;
  /** Calls the listener when the page is hidden or shown. Returns how to stop that. */
  onVisibility: (listener: () => void) => () => void;
};

export const browserPage: Page = {
  now: () => performance.now(),
  date: () => Date.now(),
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer),
  isHidden: () => document.hidden,
  onVisibility: (listener) => {
    document.addEventListener('visibilitychange', listener);
    return () => document.removeEventListener('visibilitychange', listener);
  },
};
