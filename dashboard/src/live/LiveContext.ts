// Hands the one `LiveTraces` of the page to its components.

import { createContext, useContext } from 'react';

import { useStore } from '../ui/store';
import type { LiveState } from './liveState';
import type { LiveTraces } from './liveTraces';

const LiveContext = createContext<LiveTraces | null>(null);

export const LiveProvider = LiveContext.Provider;

export function useLive(): LiveTraces {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('A component that uses live traces stands outside LiveProvider.');
  return live;
}

export function useLiveState(): LiveState {
  return useStore(useLive().state);
}
