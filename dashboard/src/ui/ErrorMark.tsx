// Marks an error by shape, colour and word.

import styles from './ui.module.css';

export function ErrorMark({ text, hiddenText }: { text?: string; hiddenText?: string }) {
  return (
    <span className={styles['error']}>
      <svg width="11" height="11" viewBox="0 0 12 12" aria-hidden="true">
        <path d="M6 0.5 11.5 6 6 11.5 0.5 6Z" fill="currentColor" />
      </svg>
      {text}
      {hiddenText && <span className="visually-hidden">{hiddenText}</span>}
    </span>
  );
}
