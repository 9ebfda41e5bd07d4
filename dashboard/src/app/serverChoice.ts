// Which server is asked: the one in the address, else the one that the page came from.

import { normaliseBase } from '../api/address';
import type { LiveTraces } from '../live/liveTraces';
import { pushUrl, urlState } from '../url/location';
import { Store } from '../ui/store';

const STORED = 'traced.servers';
/** Limit: the last few are what people go back to. */
const STORED_MAX = 5;

/** A server that a link names and this browser has never used; it is asked about once. */
export const askedAbout = new Store<string | null>(null);

export function storedServers(): string[] {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]');
    return Array.isArray(parsed) ? parsed.filter((entry) => typeof entry === 'string') : [];
  } catch {
    return [];
  }
}

/** Remembers each server that has answered as a trace server. Returns how to stop that. */
export function rememberServers(live: LiveTraces): () => void {
  let remembered = '';
  return live.state.subscribe(() => {
    const { kind, base } = live.state.get().connection;
    if (kind !== 'connected' || base === remembered) return;
    remembered = base;
    remember(base);
  });
}

function remember(base: string): void {
  const servers = [base, ...storedServers().filter((other) => other !== base)].slice(0, STORED_MAX);
  localStorage.setItem(STORED, JSON.stringify(servers));
}

function wanted(): string {
  try {
    return normaliseBase(urlState().base ?? location.origin, location.protocol);
  } catch {
    return location.origin;
  }
}

/** Connects to what the address says, unless a stranger's link should be confirmed first. */
export function followAddress(live: LiveTraces): void {
  const base = wanted();
  if (live.state.get().connection.base === base) return;
  const isKnown = base === location.origin || storedServers().includes(base);
  askedAbout.set(isKnown ? null : base);
  if (isKnown) live.connect(base);
}

export function acceptServer(live: LiveTraces, base: string): void {
  askedAbout.set(null);
  live.connect(base);
}

export function refuseServer(live: LiveTraces): void {
  askedAbout.set(null);
  pushUrl({ base: null });
  live.connect(location.origin);
}

/** What was typed into the box. Throws what is wrong with it. */
export function chooseServer(live: LiveTraces, typed: string): void {
  const base = normaliseBase(typed, location.protocol);
  pushUrl({ base: base === location.origin ? null : base, range: null, yRange: null, selection: null, hidden: [], live: true });
  live.connect(base);
}
