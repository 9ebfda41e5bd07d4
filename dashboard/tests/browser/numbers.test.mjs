// The numbers above the chart: they are of the shown traces at each moment; where they are not, a note says so.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openPage } from '../support/browser.mjs';
import { fillModel } from '../support/generate.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

/** `answer` may answer a request in place of the model. */
async function withModel(options, run, answer = () => false) {
  const model = new Model(options);
  const handler = model.handler();
  const server = await serveDashboard((request, response) => answer(request, response) || handler(request, response));
  try {
    await run(model, server);
  } finally {
    await server.close();
  }
}

const shown = (page, count) => page.waitForFunction((wanted) => window.__perf?.numbers?.()?.traces === wanted, count);
const note = (page) => page.getByTestId('numbers-note');

test('with one service shown alone, tiles, status counts and strip count its traces', () =>
  withModel({}, async (model, server) => {
    fillModel(model, 400);
    const { page, errors } = await openPage(browser.context, server.url);
    await shown(page, 400);
    const roots = [...model.traces.values()].map(({ spans: [root] }) => root).filter(({ service }) => service === 'cart');
    await page.getByRole('button', { name: /^cart/ }).click();
    await shown(page, roots.length);
    assert.equal(await page.getByTestId('table-count').textContent(), String(roots.length));
    const durations = roots.map(({ duration }) => duration).sort((a, b) => a - b);
    const numbers = await page.evaluate(() => window.__perf.numbers());
    assert.equal(numbers.p95, durations[Math.ceil(0.95 * roots.length) - 1]);
    assert.equal(numbers.error, roots.filter(({ error }) => error).length);
    assert.match(await page.getByRole('radio', { name: /^All/ }).textContent(), new RegExp(`${roots.length}$`));
    assert.equal(await note(page).count(), 0);
    assert.deepEqual(errors, []);
    await page.close();
  }));

test('while traces arrive, tile, legend and table agree in every frame', () =>
  withModel({ features: ['points', 'stats', 'stream'] }, async (model, server) => {
    fillModel(model, 50);
    const { page } = await openPage(browser.context, server.url);
    await shown(page, 50);
    const watching = page.evaluate(() => new Promise((resolve) => {
      const seen = new Set();
      const count = (element) => Number(element.textContent.replaceAll(',', ''));
      const look = () => {
        const tile = count(document.querySelector('[data-stat=Traces]'));
        const rows = count(document.querySelector('[data-testid=table-count]'));
        const legend = [...document.querySelectorAll('[aria-labelledby=legend-title] li button > :last-child')].reduce((sum, element) => sum + count(element), 0);
        seen.add([tile, rows, legend].join());
        if (tile >= 60) resolve([...seen]);
        else requestAnimationFrame(look);
      };
      look();
    }));
    for (let at = 0; at < 10; at += 1) {
      model.put(at.toString(16).padStart(32, 'e'), [{ id: '1'.repeat(16), start: 0, duration: 1e6, service: 'late', operation: 'x' }]);
      await page.evaluate(() => window.__perf.frames(10));
    }
    const seen = await watching;
    assert.deepEqual(seen.filter((counts) => new Set(counts.split(',')).size > 1), []);
    await page.close();
  }));

test('where it has more than is held the server counts, over all services, and a note says so', () =>
  withModel({ pointsMax: 200 }, async (model, server) => {
    fillModel(model, 1000);
    const { page } = await openPage(browser.context, server.url);
    await shown(page, 1000);
    assert.equal(await note(page).count(), 0);
    await page.getByRole('button', { name: /^cart/ }).click();
    await note(page).filter({ hasText: 'hidden services' }).waitFor();
    await page.close();
  }));

test('where the server cannot count, the page counts what it holds, and says so', () =>
  withModel(
    { pointsMax: 200 },
    async (model, server) => {
      fillModel(model, 1000);
      const { page } = await openPage(browser.context, server.url);
      await note(page).filter({ hasText: /the server could not count: .* answers with 500/ }).waitFor();
      await shown(page, 200);
      // The note stays while the next polls ask again.
      const wasGone = await page.evaluate(() => new Promise((resolve) => {
        const polls = () => window.__perf.marks.filter((mark) => mark.name === 'poll').length;
        const [last, look] = [polls() + 2, () => {
          const isGone = document.querySelector('[data-testid=numbers-note]') === null || window.__perf.numbers() === null;
          if (isGone || polls() >= last) resolve(isGone);
          else requestAnimationFrame(look);
        }];
        look();
      }));
      assert.equal(wasGone, false);
      assert.match(await page.locator('[data-stat=p95]').textContent(), /^~/);
      await page.close();
    },
    (request, response) => request.url.includes('/stats') && response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"broken"}'),
  ));
