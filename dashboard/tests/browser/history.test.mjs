// What Back undoes: each gesture is one step, however often it changed the address.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { addressOf, openBrowser, openPage } from '../support/browser.mjs';
import { fillModel } from '../support/generate.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

const ID = 'ab'.repeat(16);
let [browser, server] = [];

before(async () => {
  browser = await openBrowser();
  const model = new Model();
  fillModel(model, 50);
  const root = { id: '1'.repeat(16), start: -60e9, duration: 1e9, service: 'checkout', operation: 'POST /orders' };
  model.put(ID, [root, { ...root, id: '2'.repeat(16), parent: root.id, duration: 1e8, operation: 'charge card' }]);
  server = await serveDashboard(model.handler());
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const steps = (page) => page.evaluate(() => history.length);
const search = async (page) => (await addressOf(page)).search;

async function drag(page, box, from, to) {
  await page.mouse.move(box.x + box.width * from, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, box.y + box.height / 2, { steps: 8 });
  await page.mouse.up();
}

test('a drag on the strip is one step, and Back shows exactly what was shown before', async () => {
  const { page } = await openPage(browser.context, server.url);
  await page.waitForFunction(() => window.__perf?.dots?.() === 51);
  const box = await page.getByRole('group', { name: 'The whole window' }).boundingBox();
  await drag(page, box, 0.3, 0.6);
  const [first, count] = [await search(page), await steps(page)];
  await drag(page, box, 0.4, 0.8);
  assert.notEqual(await search(page), first);
  assert.equal(await steps(page), count + 1);
  await page.goBack();
  assert.equal(await search(page), first);
  await page.goBack();
  assert.equal(await search(page), '');
  await page.close();
});

test('a drag on the minimap is one step, turns of the wheel are another, and Back stays on the trace', async () => {
  const { page } = await openPage(browser.context, `${server.url}/trace/${ID}`);
  await page.getByRole('treegrid').waitFor();
  const count = await steps(page);
  await drag(page, await page.getByRole('slider').first().locator('..').boundingBox(), 0.3, 0.6);
  const zoomed = await search(page);
  assert.match(zoomed, /zoom=/);
  assert.equal(await steps(page), count + 1);
  const box = await page.getByRole('treegrid').boundingBox();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 60);
  await page.keyboard.down('Control');
  for (let turn = 0; turn < 3; turn += 1) await page.mouse.wheel(0, -100);
  await page.keyboard.up('Control');
  await page.waitForFunction((address) => location.search !== address, zoomed);
  assert.equal(await steps(page), count + 2);
  await page.goBack();
  assert.equal(await search(page), zoomed);
  await page.goBack();
  assert.equal((await addressOf(page)).pathname + (await search(page)), `/trace/${ID}`);
  await page.close();
});
