// The address bar as a store: read by everyone, written through two verbs.

import { useSyncExternalStore } from 'react';

import { decode, encode, type Decoded } from './codec';
import type { UrlState } from './state';

let current: Decoded = decode(location.pathname, location.search);
const listeners = new Set<() => void>();

function changed(next: Decoded): void {
  current = next;
  for (const listener of listeners) listener();
}

addEventListener('popstate', () => changed(decode(location.pathname, location.search)));

export function urlState(): UrlState {
  return current.state;
}

/** A step that Back undoes. */
export function pushUrl(change: Partial<UrlState>): void {
  go(change, 'pushState');
}

/** While something is typed: the step is already there. */
export function replaceUrl(change: Partial<UrlState>): void {
  go(change, 'replaceState');
}

/**
 * For a drag or the turns of a wheel: one step for Back, however often it writes. It ends when it is done, or when
 * nothing was written for `idleMs`.
 */
export function urlGesture(idleMs = Infinity): (change: Partial<UrlState>, isDone: boolean) => void {
  let wroteAt: number | null = null;
  return (change, isDone) => {
    const isGoing = wroteAt !== null && performance.now() - wroteAt <= idleMs;
    if (isGoing) replaceUrl(change);
    else pushUrl(change);
    wroteAt = isDone ? null : performance.now();
  };
}

function go(change: Partial<UrlState>, how: 'pushState' | 'replaceState'): void {
  const state = { ...current.state, ...change };
  const address = encode(state);
  if (address !== location.pathname + location.search) history[how](null, '', address);
  // Numbers are cut where they are written, so that a reload shows exactly what is on the screen.
  const url = new URL(address, location.origin);
  changed({ ...decode(url.pathname, url.search), notices: current.notices });
}

export function dismissNotices(): void {
  changed({ ...current, notices: [] });
}

export function subscribeUrl(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useUrl(): UrlState {
  return useSyncExternalStore(subscribeUrl, urlState);
}

export function useNotices(): string[] {
  return useSyncExternalStore(subscribeUrl, () => current.notices);
}

/** The address of the same screen with something changed, for real links. */
export function hrefWith(change: Partial<UrlState>): string {
  return encode({ ...current.state, ...change });
}
