// The theme: the reader's choice, or else the system's.

import { Store, useStore } from '../ui/store';
import { subscribeUrl, urlState } from '../url/location';
import type { ThemeName } from './palette';

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

function chosen(): ThemeName {
  const { theme } = urlState();
  if (theme !== 'system') return theme;
  return prefersDark.matches ? 'dark' : 'light';
}

export const theme = new Store<ThemeName>(chosen());

function follow(): void {
  const name = chosen();
  document.documentElement.dataset['theme'] = name;
  theme.set(name);
}

export function followTheme(): void {
  follow();
  prefersDark.addEventListener('change', follow);
  subscribeUrl(follow);
}

export const useTheme = (): ThemeName => useStore(theme);
