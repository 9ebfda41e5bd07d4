// A reverse proxy that shows a server below a path, and the requests that miss that path.

import { createServer, request } from 'node:http';

/** `strips` takes the prefix away from the paths that the server sees; `headers` come on top of those of a request. */
export async function prefixProxy(target, prefix, { strips, headers = {} }) {
  const strays = [];
  const server = createServer((incoming, outgoing) => {
    if (incoming.url !== prefix && !incoming.url.startsWith(`${prefix}/`)) {
      strays.push(incoming.url);
      outgoing.writeHead(404).end();
      return;
    }
    const path = strips ? incoming.url.slice(prefix.length) : incoming.url;
    const url = new URL(target);
    const options = { host: url.hostname, port: url.port, path: path.startsWith('/') ? path : `/${path}`, method: incoming.method, headers: { ...incoming.headers, ...headers } };
    const onward = request(options, (reply) => {
      outgoing.writeHead(reply.statusCode, reply.headers);
      reply.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const close = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  return { url: `http://127.0.0.1:${server.address().port}${prefix}`, strays, close };
}
