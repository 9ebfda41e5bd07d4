// Serves dist/ as the server does: hashed files, index.html for other paths that want HTML, the content security policy.
// Behind it is a model of the API, or a real server of which only the contract may be used.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

export const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

export const CONTENT_POLICY =
  "default-src 'self'; img-src 'self' data: blob:; connect-src *; worker-src 'self'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };

/**
 * Starts on a free port. `upstream` is a function that answers requests, or the URL of a server. Unless `hasApi`, only requests
 * of the contract reach that server.
 */
export async function serveDashboard(upstream, { hasApi = false } = {}) {
  const server = createServer((incoming, outgoing) => void answer(upstream, hasApi, incoming, outgoing));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

async function answer(upstream, hasApi, incoming, outgoing) {
  const { pathname } = new URL(incoming.url, 'http://x');
  const file = fileFor(pathname, incoming.headers.accept ?? '');
  if (incoming.method === 'GET' && file !== null) sendFile(file, pathname, outgoing);
  else if (typeof upstream === 'function') await upstream(incoming, outgoing);
  else if (pathname.startsWith('/api/') && !hasApi) outgoing.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"there is nothing at this path"}');
  else pass(upstream, incoming, outgoing);
}

function fileFor(pathname, accept) {
  const file = normalize(join(DIST, pathname));
  if (file.startsWith(DIST) && extname(file) !== '' && existsSync(file) && statSync(file).isFile()) return file;
  const wantsPage = accept.includes('text/html') && extname(pathname) === '' && (pathname === '/' || pathname.startsWith('/trace/'));
  return wantsPage ? join(DIST, 'index.html') : null;
}

function sendFile(file, pathname, outgoing) {
  const isHashed = pathname.startsWith('/assets/');
  outgoing.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-encoding': 'gzip',
    'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': CONTENT_POLICY,
    'x-content-type-options': 'nosniff',
  });
  const content = readFileSync(file);
  // The page is at two depths, and names its files relative to where it is.
  const isDeep = pathname.startsWith('/trace/');
  outgoing.end(gzipSync(isDeep ? content.toString().replaceAll('"./', '"../') : content));
}

function pass(upstream, incoming, outgoing) {
  const target = new URL(incoming.url, upstream);
  const onward = request(target, { method: incoming.method, headers: { ...incoming.headers, host: target.host } }, (reply) => {
    outgoing.writeHead(reply.statusCode, reply.headers);
    reply.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
