// Copies a link to what the page shows now. A chart that follows the clock becomes a fixed range.

import type { LiveTraces } from '../live/liveTraces';
import { msOfOffset, nowOffset } from '../traces/clock';
import { rangeOf } from '../traces/range';
import { copyText } from '../ui/copyText';
import { ownServer } from '../url/basePath';
import { encode } from '../url/codec';
import { urlState } from '../url/location';

export async function copyLink(live: LiveTraces): Promise<void> {
  const url = urlState();
  const { from, to } = rangeOf(url, live.windowNs, nowOffset());
  const fixed = { ...url, live: false, last: null, range: { from: msOfOffset(from), to: msOfOffset(to) } };
  await copyText(ownServer() + encode(url.trace === null ? fixed : url), 'Link copied');
}
