// What live traces need to reach a server. `httpTransport.ts` does it; tests give their own.

import type { TraceTable } from '../traces/table';
import type { Server } from './server';
import type { Source } from './source';
import type { StreamHooks } from './stream';

export type Transport = {
  /** Finds out what the server at an address offers. */
  identify: (base: string, signal: AbortSignal) => Promise<Server>;
  /** Asks for the window and the counters of a server again. */
  refresh: (base: string, signal: AbortSignal) => Promise<Server>;
  openSource: (server: Server, table: TraceTable) => Source;
  openStream: (base: string, hooks: StreamHooks) => { end: () => void };
};
