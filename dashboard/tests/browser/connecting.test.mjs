// The box that chooses the server: what it says, and what it remembers.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { openBrowser, openPage } from '../support/browser.mjs';
import { fillModel } from '../support/generate.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

let [browser, server, refusing] = [];
before(async () => {
  const model = new Model();
  fillModel(model, 20);
  server = await serveDashboard(model.handler());
  refusing = createServer((_, response) => response.writeHead(401, { 'access-control-allow-origin': '*' }).end());
  await new Promise((resolve) => { refusing.listen(0, '127.0.0.1', resolve); });
});
after(async () => {
  await server?.close();
  refusing?.close();
});

/** A browser without stored servers. */
async function withFreshPage(address, run) {
  browser = await openBrowser();
  try {
    const { page } = await openPage(browser.context, address);
    await run(page, page.getByLabel('Address of the server'), page.getByTestId('connection'));
  } finally {
    await browser.close();
  }
}

const dots = (page) => page.waitForFunction(() => window.__perf?.dots?.() === 20);
const offered = (page) => page.locator('datalist option').evaluateAll((options) => options.map((option) => option.value));
const refusingHost = () => `127.0.0.1:${refusing.address().port}`;

test('a mistake in the address is shown until the address is changed, and a space is a mistake', () =>
  withFreshPage(server.url, async (page, box, state) => {
    await dots(page);
    await box.fill('exa mple');
    await box.press('Enter');
    await state.filter({ hasText: 'it has a space in it' }).waitFor();
    await box.press('Backspace');
    await state.filter({ hasText: /^connected/ }).waitFor();
  }));

test('a server that refuses the connection is named, and not remembered', () =>
  withFreshPage(server.url, async (page, box) => {
    await dots(page);
    await box.fill(refusingHost());
    await box.press('Enter');
    await page.getByTestId('failure').filter({ hasText: `${refusingHost()} answers with 401` }).waitFor();
    await box.fill(server.url);
    await box.press('Enter');
    await dots(page);
    await page.waitForFunction(() => document.querySelectorAll('datalist option').length > 0);
    assert.deepEqual(await offered(page), [server.url]);
    await page.goto(`${server.url}/?base=${encodeURIComponent(`http://${refusingHost()}`)}`);
    await page.getByText('This link shows traces of another server').waitFor();
  }));

test('while the reader is asked about an unknown server, the box names it and the page does not connect', () =>
  withFreshPage(`${server.url}/?base=${encodeURIComponent(`http://${refusingHost()}`)}`, async (page, box, state) => {
    await page.getByText('This link shows traces of another server').waitFor();
    assert.equal(await box.inputValue(), `http://${refusingHost()}`);
    assert.equal(await state.textContent(), 'not connected');
  }));
