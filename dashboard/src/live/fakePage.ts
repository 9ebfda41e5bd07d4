// A page for tests: its clock and timers are those of Vitest, and a test hides and shows it.

import { browserPage, type Page } from './page';

export function fakePage() {
  const listeners = new Set<() => void>();
  let hidden = false;
  const page: Page = {
    ...browserPage,
    isHidden: () => hidden,
    onVisibility: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const setHidden = (isHidden: boolean) => {
    hidden = isHidden;
    for (const listener of listeners) listener();
  };
  return { page, setHidden, listeners };
}
