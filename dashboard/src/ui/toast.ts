// A word on what has just been done, which goes away by itself.

import { Store } from './store';

/** Long enough to be read, and to be spoken. */
const SHOWN_MS = 2500;

/** The number tells two equal ones apart, so that the second is spoken too. */
export const shownToast = new Store<{ text: string; number: number } | null>(null);

let count = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

export function toast(text: string): void {
  count += 1;
  shownToast.set({ text, number: count });
  clearTimeout(timer);
  timer = setTimeout(() => shownToast.set(null), SHOWN_MS);
}
