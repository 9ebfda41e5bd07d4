// A toast says what has just been done, and goes away by itself.

import { Store } from './store';

/** Long enough to be read, or spoken by a screen reader. */
const SHOWN_MS = 2500;

/** The number tells two toasts with equal text apart, so that the second is spoken too. */
export const shownToast = new Store<{ text: string; number: number } | null>(null);

let count = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

export function toast(text: string): void {
  count += 1;
  shownToast.set({ text, number: count });
  clearTimeout(timer);
  timer = setTimeout(() => shownToast.set(null), SHOWN_MS);
}
