// Stands between a sender and a server, and remembers when each root was sent and when it starts.

import { createServer } from 'node:http';

/** `roots` has by trace id (digits) when the root was handed to the server, and when it starts, in ms. */
export async function recordingProxy(target) {
  const roots = new Map();
  const server = createServer((incoming, outgoing) => void pass(target, roots, incoming, outgoing));
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const close = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  return { url: `http://127.0.0.1:${server.address().port}`, roots, close };
}

async function pass(target, roots, incoming, outgoing) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (incoming.method === 'POST') note(roots, body.toString());
  const reply = await fetch(target + incoming.url, { method: incoming.method, headers: { 'content-type': 'application/json' }, ...(body.length > 0 ? { body } : {}) });
  outgoing.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? 'application/json' }).end(Buffer.from(await reply.arrayBuffer()));
}

function note(roots, text) {
  for (const span of JSON.parse(text).spans) {
    const id = span.trace_id.replaceAll('-', '');
    // A client that retries sends roots again that were recorded before.
    if (span.parent_span_id || roots.has(id)) continue;
    roots.set(id, { sentAt: Date.now(), startMs: span.start_time / 1e6 });
  }
}
