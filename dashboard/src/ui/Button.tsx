// A button with an icon, a text, or both.

import type { ButtonHTMLAttributes, ReactNode } from 'react';

import styles from './ui.module.css';

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { icon?: ReactNode; label?: string };

/** With a `label` and no text it shows only its icon; the label is its name and its tooltip. */
export function Button({ icon, label, children, className, ...rest }: Props) {
  const classes = [styles['button'], label && !children ? styles['icon'] : '', className ?? ''].join(' ');
  return (
    <button type="button" className={classes} aria-label={label} title={label} {...rest}>
      {icon}
      {children}
    </button>
  );
}
