// Reads the spans whole that the reader may ask for next: all of a small trace, so that it stays readable when it has
// left the window; of a large one those in sight, once the rows have stood still for a moment.

import { useEffect, useRef, useState } from 'react';

import { useLiveState } from '../../live/LiveContext';
import type { LoadedTrace } from '../model/loading';

/** Rows that only pass by are not asked for. */
const STILL_MS = 150;
/** Limit: a trace of this size is read with one request, and no screen has more rows. */
export const READ_WHOLE_MAX = 500;

/** Another number when more has been read. */
export function useSpansInSight(loaded: LoadedTrace, inSight: readonly number[]): number {
  const [version, setVersion] = useState(0);
  const { connection } = useLiveState();
  const isConnected = connection.kind === 'connected';
  const asked = useRef({ loaded, isConnected, positions: new Set<number>() });
  // What could not be read is asked for again when the server is back.
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
      // An extra: what has not come is read when it is opened.
      void loaded.remember(batch).then(
        () => setVersion((now) => now + 1),
        () => undefined,
      );
    }, STILL_MS);
    return () => clearTimeout(timer);
  }, [loaded, key, isConnected]);
  return version;
}
