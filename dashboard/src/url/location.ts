// The address bar as a store. `pushUrl` and `replaceUrl` write it.

import { useSyncExternalStore } from 'react';

import { BASE_PATH, withoutBase } from './basePath';
import { decode, encode, type Decoded } from './codec';
import type { UrlState } from './state';

let current: Decoded = decodePath(location.pathname, location.search);
const listeners = new Set<() => void>();

function changed(next: Decoded): void {
  current = next;
  for (const listener of listeners) listener();
}

addEventListener('popstate', () => changed(decodePath(location.pathname, location.search)));

export function urlState(): UrlState {
  return current.state;
}

/** Changes the address; Back undoes it. */
export function pushUrl(change: Partial<UrlState>): void {
  go(change, 'pushState');
}

/** Changes the address without a new step for Back, such as while the reader types. */
export function replaceUrl(change: Partial<UrlState>): void {
  go(change, 'replaceState');
}

/**
 * A writer for a drag or for turns of the wheel: all its changes are one step for Back. A gesture ends with `isDone`, or
 * when nothing was written for `idleMs`.
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
  const address = BASE_PATH + encode(state);
  if (address !== location.pathname + location.search) history[how](null, '', address);
  // The state is read back from the address, whose numbers are rounded, so that a reload shows exactly this screen.
  const url = new URL(address, location.origin);
  changed({ ...decodePath(url.pathname, url.search), notices: current.notices });
}

/** The state that an address of this page has. */
export function decodePath(pathname: string, search: string): Decoded {
  return decode(withoutBase(pathname), search);
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

/** The address of this screen with some changes, for links. */
export function hrefWith(change: Partial<UrlState>): string {
  return BASE_PATH + encode({ ...current.state, ...change });
}
