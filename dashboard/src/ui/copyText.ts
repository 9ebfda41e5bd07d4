// Puts text where it can be pasted. `navigator.clipboard` is missing on a page that came over plain http from another
// host, which is how most people reach a tool like this one; there the browser's older way is taken.

import { toast } from './toast';
import { Store } from './store';

/** What no way could copy: it is shown, so that the reader can copy it. */
export const uncopied = new Store<string | null>(null);

/** Says `done` when it is there. Returns whether it is. */
export async function copyText(text: string, done = 'Copied'): Promise<boolean> {
  const isCopied = (await writeClipboard(text)) || copySelected(text);
  if (isCopied) toast(done);
  else uncopied.set(text);
  return isCopied;
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await (navigator.clipboard as Clipboard | undefined)?.writeText(text);
    return navigator.clipboard !== undefined;
  } catch {
    // Forbidden by the browser's settings, or the page is not in front.
    return false;
  }
}

function copySelected(text: string): boolean {
  const focused = document.activeElement;
  const area = Object.assign(document.createElement('textarea'), { value: text, readOnly: true, className: 'visually-hidden' });
  // While a dialog is open nothing outside of it can be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.focus({ preventScroll: true });
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return isCopied;
}
