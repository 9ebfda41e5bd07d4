// Traces that SDKs in a browser send when a page is closed: `navigator.sendBeacon`, from a page of another origin.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { openBrowser } from '../support/browser.mjs';
import { startTraced } from '../support/traced.mjs';

const TRACE = '0190163d8694739baea5966c26f8ad91';

let browser;
let traced;
let shop;
before(async () => {
  traced = await startTraced();
  shop = createServer((_, reply) => reply.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>A shop</title>'));
  await new Promise((resolve) => shop.listen(0, '127.0.0.1', resolve));
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await traced?.stop();
  shop?.close();
  shop?.closeAllConnections();
});

/** Lets a page of the shop send a beacon, and waits until the server has answered it with `status`. */
async function beacon(path, body, type, status) {
  const page = await browser.context.newPage();
  await page.goto(`http://127.0.0.1:${shop.address().port}/`);
  const answered = page.waitForResponse((response) => response.url().endsWith(path) && response.request().method() === 'POST');
  const isQueued = await page.evaluate(([url, text, asType]) => navigator.sendBeacon(url, asType ? new Blob([text], { type: asType }) : text), [traced.url + path, body, type]);
  assert.ok(isQueued);
  assert.equal((await answered).status(), status);
  await page.close();
}

async function operations() {
  const answer = await fetch(`${traced.url}/traces/${TRACE}`);
  const { spans } = await answer.json();
  return spans.map((span) => span.operation);
}

test('beacons of OpenTelemetry and of Zipkin arrive', async () => {
  const nowMs = Date.now();
  const span = { traceId: TRACE, spanId: '00f067aa0ba902b7', name: 'click', startTimeUnixNano: `${nowMs}000000`, endTimeUnixNano: `${nowMs}000000` };
  // The defaults of the exporters: one sends JSON as such, the other as plain text.
  await beacon('/v1/traces', JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }), 'application/json', 200);
  await beacon('/api/v2/spans', JSON.stringify([{ traceId: TRACE, id: '1', name: 'leave', timestamp: (nowMs + 1) * 1000, duration: 1 }]), undefined, 202);
  assert.deepEqual(await operations(), ['click', 'leave']);
});
