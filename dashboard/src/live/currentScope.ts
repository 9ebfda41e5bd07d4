// The scope of the traces that the chart shows at this moment.

import { rangeOf } from '../traces/range';
import { scopeOf } from '../traces/urlScope';
import type { LiveTraces } from './liveTraces';
import { nowOffset } from '../traces/clock';
import type { Scope } from '../traces/scope';
import { urlState } from '../url/location';

export function currentScope(live: LiveTraces): Scope {
  const url = urlState();
  return scopeOf(url, rangeOf(url, live.windowNs, nowOffset()));
}
