// A choice between a few values, as a radio group: arrow keys move it.

import type { KeyboardEvent, ReactNode } from 'react';

import styles from './ui.module.css';

type Choice<T extends string> = { value: T; label: ReactNode; count?: string | undefined };
type Props<T extends string> = { label: string; value: T; choices: readonly Choice<T>[]; onChange: (value: T) => void };

export function Segments<T extends string>({ label, value, choices, onChange }: Props<T>) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const at = choices.findIndex((choice) => choice.value === value);
    const next = (at + way + choices.length) % choices.length;
    onChange(choices[next].value);
    (event.currentTarget.children[next] as HTMLElement).focus();
  };
  return (
    <div role="radiogroup" aria-label={label} className={styles['segments']} onKeyDown={onKeyDown}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={choice.value === value}
          tabIndex={choice.value === value ? 0 : -1}
          className={styles['segment']}
          onClick={() => onChange(choice.value)}
        >
          {choice.label}
          {choice.count !== undefined && <span className={styles['segmentCount']}>{choice.count}</span>}
        </button>
      ))}
    </div>
  );
}
