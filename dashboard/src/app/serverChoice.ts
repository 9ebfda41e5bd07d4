// Chooses the server: the one in the address, else the one that the page came from.

import { normaliseBase } from '../api/address';
import type { LiveTraces } from '../live/liveTraces';
import { Store } from '../ui/store';
import { ownServer } from '../url/basePath';
import { pushUrl, urlState } from '../url/location';

const STORED = 'traced.servers';
/** Limit: people go back to the last few servers. */
const STORED_MAX = 5;

/** The server of a link that this browser has never used; the reader has to confirm it. */
export const unconfirmedServer = new Store<string | null>(null);

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
    return normaliseBase(urlState().base ?? ownServer(), location.protocol);
  } catch {
    return ownServer();
  }
}

/** Connects to the server that the address names, unless the reader has to confirm it first. */
export function followAddress(live: LiveTraces): void {
  const base = wanted();
  if (live.state.get().connection.base === base) {
    unconfirmedServer.set(null);
    return;
  }
  const isKnown = base === ownServer() || storedServers().includes(base);
  unconfirmedServer.set(isKnown ? null : base);
  if (isKnown) live.connect(base);
}

export function acceptServer(live: LiveTraces, base: string): void {
  unconfirmedServer.set(null);
  live.connect(base);
}

export function refuseServer(live: LiveTraces): void {
  unconfirmedServer.set(null);
  if (live.state.get().connection.base !== ownServer()) live.connect(ownServer());
  pushUrl({ base: null });
}

/** Connects to the address that was typed into the box. Throws a `Failure` where it is not one. */
export function chooseServer(live: LiveTraces, typed: string): void {
  const base = normaliseBase(typed, location.protocol);
  // Order: the connection first. The address is followed at once, and one that names another server asks the reader.
  live.connect(base);
  pushUrl({ base: base === ownServer() ? null : base, range: null, yRange: null, selection: null, hidden: [], live: true });
}
