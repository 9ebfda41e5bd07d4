// Details of the overview: the zoom chip, the legend, the card, opening traces from rows and dots, the limits of zooming.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { addressOf, openBrowser, openPage } from '../support/browser.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

const ID = 'ab'.repeat(16);
const SERVICES = 45;
let [browser, server] = [];

before(async () => {
  browser = await openBrowser();
  const model = new Model();
  model.put(ID, [{ id: '1'.repeat(16), start: -5e9, duration: 213e6, service: 'a first', operation: 'POST /orders' }]);
  for (let at = 1; at < SERVICES; at += 1) {
    model.put(at.toString(16).padStart(32, '0'), [{ id: '2'.repeat(16), start: -6e9, duration: 1e6 * 1.2 ** at, service: `service ${at}`, operation: 'x' }]);
  }
  server = await serveDashboard(model.handler());
});

after(async () => {
  await browser?.close();
  await server?.close();
});

async function openExplore(query = '?last=1m') {
  const opened = await openPage(browser.context, `${server.url}/${query}`);
  await opened.page.waitForFunction((count) => window.__perf?.dots?.() === count, SERVICES);
  return opened.page;
}

async function pointOf(page, id) {
  const [place, view] = await page.evaluate((wanted) => [window.__perf.dotPositions(99).find((dot) => dot.id === wanted), window.__perf.view()], id);
  const box = await page.getByRole('application').boundingBox();
  return [box.x + view.left + place.x, box.y + view.top + place.y];
}

test('while all traces are recent, one click zooms to them', async () => {
  const page = await openExplore('');
  await page.getByRole('button', { name: 'All 45 traces are in the last 1 m: zoom in' }).click();
  await page.waitForFunction(() => window.__perf.view().toMs - window.__perf.view().fromMs === 60_000);
  assert.equal((await addressOf(page)).searchParams.get('last'), '1m');
  assert.equal(await page.getByRole('button', { name: /zoom in$/ }).count(), 0);
  await page.close();
});

test('zooming out and panning back stop a little beyond the window, and the select shows the range', async () => {
  const page = await openExplore();
  for (let turn = 0; turn < 20; turn += 1) await page.getByRole('button', { name: 'Zoom out (-)' }).click();
  const span = () => page.evaluate(() => window.__perf.view().toMs - window.__perf.view().fromMs);
  assert.ok(Math.abs((await span()) - 660_000) < 10, `${await span()} ms`);
  for (let turn = 0; turn < 5; turn += 1) await page.keyboard.press('[');
  const from = await page.evaluate(() => Date.now() - window.__perf.view().fromMs);
  assert.ok(from < 640_000, `${from} ms ago`);
  const label = await page.getByLabel('Time range').evaluate((select) => select.selectedOptions[0].text);
  assert.match(label, /^\d\d:\d\d:\d\d – \d\d:\d\d:\d\d$/);
  assert.deepEqual(await page.getByLabel('Time range').locator('option').allTextContents(), [label, 'Whole window', 'Last 1m', 'Last 2m', 'Last 5m']);
  await page.close();
});

test('the card of a dot mentions Tab only where Tab has an effect, and Escape closes it', async () => {
  const page = await openExplore();
  const card = page.getByTestId('hover-card');
  const point = await pointOf(page, ID);
  await page.mouse.move(...point);
  await card.waitFor();
  assert.ok(!(await card.textContent()).includes('Tab'));
  await page.keyboard.press('Escape');
  await card.waitFor({ state: 'detached' });
  await page.mouse.move(point[0] + 1, point[1]);
  await page.evaluate(() => window.__perf.frames(3));
  assert.equal(await card.count(), 0);
  await page.close();
});

test('a middle click on a dot opens its trace in a new tab', async () => {
  const page = await openExplore();
  const opened = page.context().waitForEvent('page');
  await page.mouse.click(...(await pointOf(page, ID)), { button: 'middle' });
  const tab = await opened;
  await tab.waitForURL(`**/trace/${ID}*`);
  assert.equal((await addressOf(page)).searchParams.get('trace'), null);
  await tab.close();
  await page.close();
});

test('a row opens its trace beside the chart as a dot does, and the table keeps its scroll position', async () => {
  const page = await openExplore();
  const region = page.getByRole('region', { name: 'Table of traces' });
  await page.getByRole('button', { name: 'Service', exact: true }).click();
  const row = await region.locator('tbody tr').first().boundingBox();
  await page.mouse.click(row.x + 20, row.y + row.height / 2);
  await page.waitForFunction((id) => new URLSearchParams(location.search).get('trace') === id, ID);
  assert.equal((await addressOf(page)).pathname, '/');
  await page.goBack();
  await region.evaluate((box) => { box.scrollTop = 400; });
  await page.getByRole('link', { name: 'x', exact: true }).first().click();
  // Playwright has scrolled to the element that it clicked.
  const place = await region.evaluate((box) => box.scrollTop);
  assert.ok(place > 0);
  await page.getByRole('link', { name: 'Open the trace on its own page' }).click();
  await page.waitForURL('**/trace/*');
  await page.goBack();
  await page.goBack();
  await region.waitFor();
  assert.equal(await region.evaluate((box) => box.scrollTop), place);
  await page.close();
});

test('the legend shows all services on demand', async () => {
  const page = await openExplore();
  const rows = () => page.locator('[aria-labelledby=legend-title] li').count();
  assert.equal(await rows(), 40);
  await page.getByRole('button', { name: 'and 5 more' }).click();
  assert.equal(await rows(), SERVICES);
  await page.close();
});

test('bars of durations grow with the logarithm, from the shortest to the longest trace', async () => {
  const page = await openExplore('?last=1m&sort=duration');
  const widths = await page.locator('tbody tr td:nth-child(4) > span').evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width));
  // Each is a fifth longer than the one before, except for the first few, which have the minimal length.
  const steps = widths.slice(3, 12).map((width, at) => width - widths[at + 2]);
  assert.ok(Math.max(...steps) - Math.min(...steps) < 0.5, steps.join());
  await page.close();
});

test('on the smallest screen the buttons of the header stay in one line', async () => {
  const page = await openExplore();
  await page.setViewportSize({ width: 320, height: 700 });
  const tops = await Promise.all([/^Live/, /^Theme/, /^Keys/].map((name) => page.getByRole('button', { name }).boundingBox().then(({ y }) => Math.round(y))));
  assert.equal(new Set(tops).size, 1, tops.join());
  await page.close();
});
