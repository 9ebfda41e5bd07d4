// Starts a real server for a test, on a free port.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { serveDashboard } from './static.mjs';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** The path of the binary: `TRACED_BINARY`, or what cargo has built. */
export function tracedBinary() {
  const folder = process.env.CARGO_TARGET_DIR ?? `${REPOSITORY}/target`;
  const found = [process.env.TRACED_BINARY, `${folder}/fast/traced`, `${folder}/release/traced`].find((path) => path && existsSync(path));
  if (!found) throw new Error('no traced binary: cargo build --profile fast --bin traced');
  return found;
}

/** `window` is the value of the flag; `null` leaves the flag out, so that the environment decides. */
export async function startTraced({ window = '10m', listen = '127.0.0.1:0', args = [], env = {} } = {}) {
  const flags = ['serve', '--listen', listen, '--otlp-grpc', 'off', '--otlp-http', 'off', '--in-memory', ...(window === null ? [] : ['--window', window])];
  const child = spawn(tracedBinary(), [...flags, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const url = await new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk) => {
      output += chunk;
      const match = /listens on (http:\/\/\S+)/.exec(output);
      if (match) resolve(match[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => reject(new Error(`traced ended: ${output}`)));
  });
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return process.env.DIST_IN_FRONT ? withDistInFront({ url, stop }) : { url, stop };
}

/** Serves dist/ in front of a binary that contains no dashboard, or an older one. */
async function withDistInFront({ url, stop }) {
  const front = await serveDashboard(url, { hasApi: true });
  return { url: front.url, stop: () => front.close().then(stop) };
}

/** The dashboard inside a server; with `CONTRACT_ONLY`, dist/ in front of a server with only the contract. */
export async function openDashboard(traced) {
  if (process.env.CONTRACT_ONLY) return serveDashboard(traced.url);
  return { url: traced.url, close: async () => {} };
}

export async function post(url, spans) {
  for (let at = 0; at < spans.length; at += 500) {
    const body = JSON.stringify({ spans: spans.slice(at, at + 500) }).replace(/"(start_time|end_time)":"(-?\d+)"/g, '"$1":$2');
    const reply = await fetch(`${url}/spans`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (reply.status !== 202) throw new Error(`POST /spans: ${reply.status} ${await reply.text()}`);
  }
}
