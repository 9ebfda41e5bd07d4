// What components see of the connection to the server.

import type { Failure } from '../api/failure';
import type { Notice } from './restart';
import type { Server } from './server';

export type Connection =
  /** No server is asked: the reader has to allow it first. */
  | { kind: 'idle'; base: string }
  | { kind: 'connecting'; base: string }
  | { kind: 'connected'; base: string }
  | { kind: 'failed'; base: string; message: string; failure: Failure | null; retryAt: number };

export type LiveState = {
  connection: Connection;
  /** The server that answered last; it stays while the connection is lost. */
  server: Server | null;
  /** A number that grows whenever the table has changed. */
  version: number;
  /** When the last poll succeeded, in ms since 1970; `null` before the first. */
  polledAt: number | null;
  /** Traces that have arrived since the page was opened. */
  arrived: number;
  /** The most traces that are held. */
  cap: number;
  /** Whether the table has every trace that the server has. */
  holdsAll: boolean;
  notice: Notice | null;
};
