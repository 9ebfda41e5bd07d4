// A button that opens a menu of controls. On a wide trace the controls may stand in its place instead.

import { useEffect, useRef, useState, type ReactNode } from 'react';

import { Button } from '../ui/Button';
import styles from './Menu.module.css';

type Props = {
  text?: string;
  icon?: ReactNode;
  /** The name of a button that shows only an icon. */
  label?: string;
  title?: string;
  /** `when-narrow`: on a wide trace the content stands among the other controls, without the button. */
  folds: 'always' | 'when-narrow';
  isActive?: boolean;
  children: ReactNode;
};

export function Menu({ text, icon, label, title, folds, isActive = false, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    const menu = ref.current!;
    const onPointerDown = (event: PointerEvent) => {
      if (!menu.contains(event.target as Node)) setOpen(false);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // Escape closes only the menu.
      event.stopPropagation();
      setOpen(false);
      menu.querySelector('button')!.focus();
    };
    const onFocusOut = (event: FocusEvent) => {
      if (event.relatedTarget !== null && !menu.contains(event.relatedTarget as Node)) setOpen(false);
    };
    addEventListener('pointerdown', onPointerDown);
    menu.addEventListener('keydown', onKeyDown);
    menu.addEventListener('focusout', onFocusOut);
    return () => {
      removeEventListener('pointerdown', onPointerDown);
      menu.removeEventListener('keydown', onKeyDown);
      menu.removeEventListener('focusout', onFocusOut);
    };
  }, [isOpen]);
  return (
    <div ref={ref} role="group" aria-label={label ?? text} className={styles['menu']} data-folds={folds} data-open={isOpen}>
      <Button
        className={styles['opener']}
        icon={icon}
        aria-expanded={isOpen}
        aria-label={label}
        title={title ?? label}
        data-active={isActive || undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {text}
      </Button>
      {(isOpen || folds === 'when-narrow') && <div className={styles['content']}>{children}</div>}
    </div>
  );
}
