// Marks a trace of which no root has arrived, by shape and word.

import styles from './ui.module.css';

export const NO_ROOT = 'The root span of this trace has not arrived. Its earliest span is shown in its place.';

/** A hollow dot, as in the chart. */
export function HollowDot() {
  return (
    <svg width="11" height="11" viewBox="0 0 12 12" aria-hidden="true">
      <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.8" />
    </svg>
  );
}

export function RootlessMark() {
  return (
    <span className={styles['rootless']} title={NO_ROOT}>
      <HollowDot />
      no root
    </span>
  );
}
