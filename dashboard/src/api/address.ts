// Reads the address of a server as people type it. Pure.

import { Failure } from './failure';

/** Turns `host:port`, a URL or a URL with a path into a URL without a slash at its end. Throws a `Failure`. */
export function normaliseBase(typed: string, pageProtocol = 'http:'): string {
  const text = typed.trim();
  if (text === '') throw new Failure('address', 'Type the address of a server, such as localhost:8080.');
  // Some browsers would escape the space and look up a host of that name.
  if (/\s/.test(text)) throw new Failure('address', `“${text}” is not an address: it has a space in it.`);
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${pageProtocol}//${text}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    throw new Failure('address', `“${text}” is not an address. Type one such as localhost:8080.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Failure('address', `Only http and https work, not ${url.protocol}//`);
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}
