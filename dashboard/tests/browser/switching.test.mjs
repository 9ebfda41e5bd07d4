// Switching to another server while an answer is awaited.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';

import { openBrowser, openPage } from '../support/browser.mjs';
import { fillModel } from '../support/generate.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

/** Time for three more polls after the first one. */
const WATCHED_MS = 10_000;
let [browser, server, silent] = [];
const polls = [];

before(async () => {
  browser = await openBrowser();
  const model = new Model();
  fillModel(model, 20);
  const handler = model.handler();
  server = await serveDashboard((request, response) => {
    if (request.url.includes('/traces/points')) polls.push(Date.now());
    return handler(request, response);
  });
  const sockets = new Set();
  silent = createServer((socket) => sockets.add(socket));
  silent.hangUp = () => sockets.forEach((socket) => socket.destroy());
  await new Promise((resolve) => { silent.listen(0, '127.0.0.1', resolve); });
});

after(async () => {
  await browser?.close();
  silent?.hangUp();
  silent?.close();
  await server?.close();
});

test('a server that never answers leaves nothing behind: there is one chain of polls, and no failure is shown', async () => {
  const { page } = await openPage(browser.context, server.url);
  const shown = () => page.waitForFunction(() => window.__perf?.dots?.() === 20);
  await shown();
  const box = page.getByLabel('Address of the server');
  const connectTo = async (address) => {
    await box.fill(address);
    await box.press('Enter');
  };
  for (let turn = 0; turn < 2; turn += 1) {
    await connectTo(`127.0.0.1:${silent.address().port}`);
    await page.getByTestId('connection').filter({ hasText: 'connecting' }).waitFor();
    await connectTo(server.url);
    await shown();
  }
  polls.splice(0);
  silent.hangUp();
  // Only the passing of time shows how many polls there are.
  await page.waitForTimeout(WATCHED_MS);
  assert.ok(polls.length >= 3 && polls.length <= 4, `${polls.length} polls`);
  assert.equal(await page.getByTestId('failure').count(), 0);
  assert.match(await page.getByTestId('connection').textContent(), /^connected/);
  await page.close();
});
