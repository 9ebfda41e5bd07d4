import type { ButtonHTMLAttributes, ReactNode } from 'react';

import styles from './ui.module.css';

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { icon?: ReactNode; label?: string };

/** With `label` it shows only its icon, and says the label. */
export function Button({ icon, label, children, className, ...rest }: Props) {
  const classes = [styles['button'], label && !children ? styles['icon'] : '', className ?? ''].join(' ');
  return (
    <button type="button" className={classes} aria-label={label} title={label} {...rest}>
      {icon}
      {children}
    </button>
  );
}
