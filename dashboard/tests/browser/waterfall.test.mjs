// What the waterfall draws, and how it is walked by keys; against the model of the API.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openPage } from '../support/browser.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

const MS = 1e6;
const IDS = { many: 'a1'.repeat(16) };
let [browser, model, server] = [];

before(async () => {
  browser = await openBrowser();
  model = new Model();
  server = await serveDashboard(model.handler());
  model.put(IDS.many, many());
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const hex = (number) => number.toString(16).padStart(16, '0');
const root = (more) => ({ id: hex(1), start: -60_000 * MS, duration: 4000 * MS, service: 'checkout', operation: 'batch', ...more });
const child = (id, start, duration, more) => ({ id: hex(id), parent: hex(1), start: root().start + start * MS, duration: duration * MS, service: 'db', operation: `call ${id}`, ...more });

/** A root of 4 s, of which 700 calls leave 1.2 s. */
function many() {
  return [root(), ...Array.from({ length: 700 }, (_, at) => child(10 + at, at * 5.7, 4, { operation: `SELECT ${at % 7}` }))];
}

async function openTrace(id, query = '') {
  const opened = await openPage(browser.context, `${server.url}/trace/${id}${query}`);
  await opened.page.getByRole('treegrid').waitFor();
  return opened;
}

test('the time of a span by itself is shown to its end, however many children it has', async () => {
  const { page } = await openTrace(IDS.many);
  const row = page.locator('[data-row="0"]');
  await row.waitFor();
  const [bar, ends] = await row.evaluate((element) => {
    const self = [...element.querySelectorAll('[data-self]')].map((part) => part.getBoundingClientRect());
    return [self[0].left, Math.max(...self.map((part) => part.right))];
  });
  const line = await row.getByRole('gridcell').nth(1).boundingBox();
  assert.ok(Math.abs(bar - line.x) < 3);
  assert.ok(Math.abs(ends - line.x - line.width) < 3, `${ends} of ${line.x + line.width}`);
  await page.close();
});

test('the critical path is seen on the shortest spans too', async () => {
  const { page } = await openTrace(IDS.many);
  const inside = await page.locator('[data-row="5"] [data-path]').evaluate((part) => [part.clientWidth, part.clientHeight]);
  assert.deepEqual(inside, [2, 2]);
  await page.close();
});
