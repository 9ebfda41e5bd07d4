// Live and paused: makes the chart follow the clock, or stop.

import type { LiveTraces } from '../live/liveTraces';
import { msOfOffset, nowOffset } from '../traces/clock';
import { isFollowing, rangeOf } from '../traces/range';
import { pushUrl, replaceUrl, urlState } from '../url/location';

export function toggleLive(live: LiveTraces): void {
  if (isFollowing(urlState())) pause(live, pushUrl);
  else pushUrl({ live: true, range: null, yRange: null });
}

/** Stops following the clock: the range that is shown now becomes fixed. */
export function pause(live: LiveTraces, write: typeof pushUrl): void {
  const { from, to } = rangeOf(urlState(), live.windowNs, nowOffset());
  write({ live: false, range: { from: msOfOffset(from), to: msOfOffset(to) } });
}

/** Fixes the range of an address that says paused without a range, once the server has told its window. */
export function settlePause(live: LiveTraces): void {
  const isOpen = () => !urlState().live && urlState().range === null && urlState().trace === null;
  if (!isOpen()) return;
  const leave = live.state.subscribe(() => {
    if (live.state.get().server === null) return;
    leave();
    if (isOpen()) pause(live, replaceUrl);
  });
}
