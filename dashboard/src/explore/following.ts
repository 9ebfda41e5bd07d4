// Live and paused: whether the chart follows the clock.

import type { LiveTraces } from '../live/liveTraces';
import { msOfOffset, nowOffset } from '../traces/clock';
import { pushUrl, replaceUrl, urlState } from '../url/location';
import { isFollowing, rangeOf } from '../traces/range';

export function toggleLive(live: LiveTraces): void {
  if (isFollowing(urlState())) pause(live, pushUrl);
  else pushUrl({ live: true, range: null, yRange: null });
}

/** What is on the screen stays there, so the range becomes fixed. */
export function pause(live: LiveTraces, write: typeof pushUrl): void {
  const { from, to } = rangeOf(urlState(), live.windowNs, nowOffset());
  write({ live: false, range: { from: msOfOffset(from), to: msOfOffset(to) } });
}

/** An address that says paused and not where, is paused where it was opened, once the server has said how far back it reaches. */
export function settlePause(live: LiveTraces): void {
  const isOpen = () => !urlState().live && urlState().range === null && urlState().trace === null;
  if (!isOpen()) return;
  const leave = live.state.subscribe(() => {
    if (live.state.get().server === null) return;
    leave();
    if (isOpen()) pause(live, replaceUrl);
  });
}
