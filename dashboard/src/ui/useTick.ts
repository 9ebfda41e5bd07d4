// A clock for components that show an age or a countdown.

import { useEffect, useState } from 'react';

/** The time in ms since 1970, updated every `everyMs` while it is wanted. */
export function useTick(everyMs: number, isWanted = true): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isWanted) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, isWanted]);
  return now;
}
