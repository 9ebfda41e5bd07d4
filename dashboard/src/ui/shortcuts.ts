// Shortcuts on single keys, outside of text fields. The reader can turn them off: speech input may trigger them (WCAG 2.1.4).

import { useEffect } from 'react';

import { Store } from './store';

const STORED = 'traced.shortcuts';

export const shortcutsOn = new Store(localStorage.getItem(STORED) !== 'off');

export function setShortcuts(on: boolean): void {
  localStorage.setItem(STORED, on ? 'on' : 'off');
  shortcutsOn.set(on);
}

export type Keys = Record<string, (event: KeyboardEvent) => void>;

/** The shortcuts of all mounted components. */
const bound = new Set<Keys>();

/** Whether a key is a shortcut at the moment. */
export function isShortcut(key: string): boolean {
  return shortcutsOn.get() && [...bound].some((keys) => key in keys);
}

/** Binds shortcuts while the component is mounted. Keys are named as in `event.key`; `Ctrl+f` also means Command. */
export function useShortcuts(keys: Keys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const withControl = event.ctrlKey || event.metaKey;
      if (event.defaultPrevented || event.altKey || document.querySelector('dialog[open]')) return;
      if (!withControl && (!shortcutsOn.get() || isTyping(event.target))) return;
      const action = keys[withControl ? `Ctrl+${event.key}` : event.key];
      if (action) action(event);
    };
    bound.add(keys);
    addEventListener('keydown', onKey);
    return () => {
      bound.delete(keys);
      removeEventListener('keydown', onKey);
    };
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
