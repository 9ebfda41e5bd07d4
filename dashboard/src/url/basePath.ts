// Where the server is: at the root of its host, or below a prefix that a reverse proxy gives it. Pure.

/** The build puts all scripts into this folder of the server. */
const SCRIPTS = '/assets/';

/** The path in front of the server's own paths, without a slash at its end: empty where the server is at the root. */
export const BASE_PATH: string = import.meta.env.PROD ? basePathOf(import.meta.url) : '';

/** The base path by the URL of a script of the build. No page says it: the policy of the server allows no `<base>`. */
export function basePathOf(script: string): string {
  const { pathname } = new URL(script);
  return pathname.slice(0, Math.max(0, pathname.lastIndexOf(SCRIPTS)));
}

/** A path of the address bar as the server sees it. */
export function withoutBase(pathname: string, base = BASE_PATH): string {
  if (pathname === base) return '/';
  return pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
}

/** The address of the server that the page has come from. */
export function ownServer(): string {
  return location.origin + BASE_PATH;
}
