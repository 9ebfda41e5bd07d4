// Live and paused: whether the chart follows the clock.

import { live } from '../live/live';
import { msOfOffset, nowOffset } from '../traces/clock';
import { pushUrl, replaceUrl, urlState } from '../url/location';
import { isFollowing, rangeOf } from './range';

export function toggleLive(): void {
  if (isFollowing(urlState())) pause(pushUrl);
  else pushUrl({ live: true, range: null, yRange: null });
}

/** What is on the screen stays there, so the range becomes fixed. */
export function pause(write: typeof pushUrl): void {
  const { from, to } = rangeOf(urlState(), live.get().server?.windowNs ?? null, nowOffset());
  write({ live: false, range: { from: msOfOffset(from), to: msOfOffset(to) } });
}

/** An address that says paused and not where, is paused where it was opened, once the server has said how far back it reaches. */
export function settlePause(): void {
  const isOpen = () => !urlState().live && urlState().range === null && urlState().trace === null;
  if (!isOpen()) return;
  const leave = live.subscribe(() => {
    if (live.get().server === null) return;
    leave();
    if (isOpen()) pause(replaceUrl);
  });
}
