// The scope of the traces that the chart shows at this moment.

import { nowOffset } from '../traces/clock';
import { rangeOf } from '../traces/range';
import type { Scope } from '../traces/scope';
import { scopeOf } from '../traces/urlScope';
import { urlState } from '../url/location';
import type { LiveTraces } from './liveTraces';

export function currentScope(live: LiveTraces): Scope {
  const url = urlState();
  return scopeOf(url, rangeOf(url, live.windowNs, nowOffset()));
}
