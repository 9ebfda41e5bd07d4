// Copies text to the clipboard. `navigator.clipboard` is missing on a page that came over plain http from another host,
// which is how most people reach a tool like this one; there `execCommand` does it.

import { Store } from './store';
import { toast } from './toast';

/** A text that could not be copied: a dialog shows it, so that the reader can copy it. */
export const uncopied = new Store<string | null>(null);

/** Shows `done` as a toast on success. Returns whether the text was copied. */
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
    // The browser's settings forbid it, or the page does not have the focus.
    return false;
  }
}

function copySelected(text: string): boolean {
  const focused = document.activeElement;
  const area = Object.assign(document.createElement('textarea'), { value: text, readOnly: true, className: 'visually-hidden' });
  // While a modal dialog is open, only text inside it can be selected.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.focus({ preventScroll: true });
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return isCopied;
}
