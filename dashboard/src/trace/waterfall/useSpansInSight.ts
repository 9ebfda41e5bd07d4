// Reads spans whole before the reader asks for them: all spans of a small trace, so that it stays readable after it has left
// the window; of a large trace those in sight, once scrolling has paused.

import { useEffect, useRef, useState } from 'react';

import { useLiveState } from '../../live/LiveContext';
import type { LoadedTrace } from '../model/loading';

/** Rows that scroll by faster are not read. */
const STILL_MS = 150;
/** Limit: one request reads so many spans, and no screen has more rows. */
export const READ_WHOLE_MAX = 500;

/** Returns a number that changes when more spans have been read. */
export function useSpansInSight(loaded: LoadedTrace, inSight: readonly number[]): number {
  const [version, setVersion] = useState(0);
  const { connection } = useLiveState();
  const isConnected = connection.kind === 'connected';
  const asked = useRef({ loaded, isConnected, positions: new Set<number>() });
  // When the server is back, spans that could not be read are asked for again.
  if (asked.current.loaded !== loaded || asked.current.isConnected !== isConnected) asked.current = { loaded, isConnected, positions: new Set() };
  const { recorded } = loaded.columns;
  const candidates = recorded <= READ_WHOLE_MAX ? Array.from({ length: recorded }, (_, at) => at) : inSight;
  const wanted = candidates.filter((position) => position < recorded && !asked.current.positions.has(position) && loaded.known(position) === undefined);
  const key = wanted.slice(0, READ_WHOLE_MAX).join();
  useEffect(() => {
    if (key === '' || !isConnected) return undefined;
    const timer = setTimeout(() => {
      const batch = key.split(',').map(Number);
      for (const position of batch) asked.current.positions.add(position);
      // A failure does not matter: the span is read again when its details are opened.
      void loaded.remember(batch).then(
        () => setVersion((now) => now + 1),
        () => undefined,
      );
    }, STILL_MS);
    return () => clearTimeout(timer);
  }, [loaded, key, isConnected]);
  return version;
}
