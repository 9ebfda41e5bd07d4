// How live traces reach a server: over HTTP, by the dashboard's own API or by the contract alone.

import { ContractSource } from './contractSource';
import type { Page } from './page';
import { PointsSource } from './pointsSource';
import { identifyServer, refreshServer } from './server';
import { PointsStream } from './stream';
import type { Transport } from './transport';

/** Limit: as many dots as a screen can tell apart. */
export const POINTS_MAX = 100_000;

export const httpTransport = (page: Page): Transport => ({
  identify: identifyServer,
  refresh: refreshServer,
  openSource: ({ base, info, windowNs, features }, table) =>
    features.has('points') ? new PointsSource(base, Math.min(POINTS_MAX, info?.points_max ?? POINTS_MAX)) : new ContractSource(base, table, windowNs),
  openStream: (base, hooks) => new PointsStream(page, base, hooks),
});
