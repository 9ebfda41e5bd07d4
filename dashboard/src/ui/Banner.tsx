// A message across the page, with buttons.

import type { ReactNode } from 'react';

import styles from './ui.module.css';

type Props = { tone?: 'plain' | 'warn' | 'bad'; children: ReactNode; actions?: ReactNode };

export function Banner({ tone = 'plain', children, actions }: Props) {
  return (
    <div className={styles['banner']} data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <div className={styles['bannerText']}>{children}</div>
      {actions}
    </div>
  );
}
