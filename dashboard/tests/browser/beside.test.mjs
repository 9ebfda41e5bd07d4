// A trace that is open beside the overview.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { addressOf, openBrowser, openPage } from '../support/browser.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

const ID = 'ab'.repeat(16);
const OTHER = 'cd'.repeat(16);
let [browser, server] = [];

before(async () => {
  browser = await openBrowser();
  const model = new Model();
  const root = (id, start, duration) => ({ id: id.repeat(16), start, duration, service: 'checkout', operation: 'POST /orders' });
  model.put(ID, [root('1', -60e9, 213e6), { ...root('2', -60e9, 1e6), parent: '1'.repeat(16), operation: 'charge card' }]);
  model.put(OTHER, [root('3', -300e9, 2e9)]);
  server = await serveDashboard(model.handler());
});

after(async () => {
  await browser?.close();
  await server?.close();
});

async function openExplore(query = '') {
  const opened = await openPage(browser.context, `${server.url}/${query}`);
  await opened.page.waitForFunction(() => window.__perf?.dots?.() === 2);
  return opened;
}

async function clickDot(page, id) {
  const [place, view] = await page.evaluate((wanted) => [window.__perf.dotPositions(9).find((dot) => dot.id === wanted), window.__perf.view()], id);
  const box = await page.getByRole('application').boundingBox();
  await page.mouse.click(box.x + view.left + place.x, box.y + view.top + place.y);
}

const beside = (page) => page.getByRole('complementary', { name: 'The open trace' });
const search = async (page) => (await addressOf(page)).searchParams;

test('a click on a dot opens its trace beside the chart, and a click on another dot replaces it', async () => {
  const { page, errors } = await openExplore();
  await clickDot(page, ID);
  await beside(page).getByRole('treegrid').waitFor();
  assert.equal((await search(page)).get('trace'), ID);
  assert.equal(await page.evaluate(() => window.__perf.dots()), 2);
  await clickDot(page, OTHER);
  await beside(page).getByText('2 s').first().waitFor();
  assert.equal((await search(page)).get('trace'), OTHER);
  await page.goBack();
  await beside(page).getByText('charge card').waitFor();
  assert.equal(await page.getByRole('main').count(), 1);
  assert.deepEqual(errors, []);
  await page.close();
});

test('shortcuts belong to the trace while it is open, and Escape closes its parts one by one', async () => {
  const { page } = await openExplore(`?trace=${ID}`);
  await beside(page).getByText('charge card').click();
  await page.keyboard.press('1');
  await page.waitForFunction(() => window.__perf.rows() === 1);
  assert.equal((await search(page)).get('f'), null);
  await page.keyboard.press('Escape');
  assert.equal((await search(page)).get('span'), null);
  await page.keyboard.press('Escape');
  await beside(page).waitFor({ state: 'hidden' });
  assert.equal((await addressOf(page)).search, '');
  await page.keyboard.press('3');
  assert.equal((await search(page)).get('f'), 'error');
  await page.close();
});

test('it can be opened on its own page, and closed', async () => {
  const { page } = await openExplore(`?trace=${ID}&f=ok`);
  await beside(page).getByRole('link', { name: 'Open the trace on its own page' }).click();
  await page.waitForURL(`**/trace/${ID}?f=ok`);
  await page.goBack();
  await beside(page).getByRole('link', { name: 'Close the trace (Esc)' }).click();
  await page.waitForFunction(() => location.search === '?f=ok');
  await page.close();
});

test('where there is no room for both, a click opens the trace on its own page', async () => {
  const { page } = await openExplore();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(() => window.__perf.frames(3));
  await clickDot(page, ID);
  await page.waitForURL(`**/trace/${ID}`);
  await page.close();
});
