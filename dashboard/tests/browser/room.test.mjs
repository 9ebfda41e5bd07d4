// The layout of a trace in little room: on a phone, beside the overview, with long names, below a banner.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { addressOf, openBrowser, openPage } from '../support/browser.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

const MS = 1e6;
const [ID, LONG] = ['ab'.repeat(16), 'cd'.repeat(16)];
let [browser, server] = [];

before(async () => {
  browser = await openBrowser();
  const model = new Model();
  const root = { id: hex(1), start: -60_000 * MS, duration: 400 * MS, service: 'checkout', operation: 'POST /orders', error: true };
  const child = (id, more) => ({ id: hex(id), parent: root.id, start: root.start + id * MS, duration: MS, service: `service-${id % 6}`, operation: `call ${id}`, ...more });
  model.put(ID, [root, child(2, { start: root.start - 5 * MS }), ...Array.from({ length: 40 }, (_, at) => child(3 + at)), ...Array.from({ length: 12 }, (_, at) => child(100 + at, { start: root.start, service: 'db', operation: 'SELECT' }))]);
  model.put(LONG, [{ ...root, operation: 'query { '.repeat(60) }]);
  server = await serveDashboard(model.handler());
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const hex = (number) => number.toString(16).padStart(16, '0');

async function openAt(address, width, height) {
  const opened = await openPage(browser.context, 'about:blank');
  await opened.page.setViewportSize({ width, height });
  await opened.page.goto(`${server.url}${address}`);
  await opened.page.getByRole('treegrid').waitFor();
  return opened;
}

test('on a phone the details are visible, and the rows begin in the upper half of the screen', async () => {
  const { page } = await openAt(`/trace/${ID}`, 390, 844);
  assert.ok((await page.locator('[data-row="0"]').boundingBox()).y < 400);
  await page.locator('[data-row="0"]').click();
  const panel = await page.getByTestId('detail').boundingBox();
  assert.ok(panel.y > 300 && panel.y + panel.height <= 844 && panel.height > 300, JSON.stringify(panel));
  await page.close();
});

test('on a phone the controls of the waterfall are in a menu, which Escape closes first', async () => {
  const { page } = await openAt(`/trace/${ID}`, 390, 844);
  const path = page.getByRole('button', { name: 'Critical path' });
  assert.equal(await path.isVisible(), false);
  await page.getByRole('button', { name: 'View' }).click();
  await path.click();
  assert.equal((await addressOf(page)).searchParams.get('crit'), '0');
  await page.keyboard.press('Escape');
  assert.equal(await path.isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'View');
  assert.equal((await addressOf(page)).pathname, `/trace/${ID}`);
  await page.close();
});

test('on a phone the search box takes one line, and its buttons the next', async () => {
  const { page } = await openAt(`/trace/${ID}?find=call`, 390, 844);
  const top = async (locator) => Math.round((await locator.boundingBox()).y);
  const [find, next] = [await top(page.getByTestId('find')), await top(page.getByRole('button', { name: 'Next match (n)' }))];
  assert.equal(find, next);
  assert.ok((await top(page.getByRole('button', { name: 'Only matches' }))) > find);
  assert.equal(await top(page.getByRole('button', { name: 'Only matches' })), await top(page.getByRole('button', { name: /^Services/ })));
  await page.close();
});

test('beside the overview header and toolbar take one line each', async () => {
  const { page } = await openAt(`/?trace=${ID}`, 1280, 800);
  assert.ok((await page.getByRole('treegrid').boundingBox()).y < 250);
  const [close, more] = [await page.getByRole('link', { name: 'Close the trace (Esc)' }).boundingBox(), await page.getByRole('button', { name: 'More actions' }).boundingBox()];
  assert.ok(Math.abs(close.y - more.y) < 2);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('link', { name: 'JSON' }).waitFor();
  await page.close();
});

test('a very long name takes two lines, and its tooltip has all of it', async () => {
  const { page } = await openAt(`/trace/${LONG}`, 1280, 800);
  const title = page.getByRole('heading', { level: 1 });
  assert.ok((await title.boundingBox()).height < 60);
  assert.match(await title.getAttribute('title'), /(query \{ ){60}/);
  assert.match(await page.locator('[data-row="0"] [title^="query"]').getAttribute('title'), /(query \{ ){60}/);
  await page.close();
});

test('with a banner the page itself does not scroll', async () => {
  const { page } = await openAt(`/trace/${ID}?f=maybe`, 1280, 800);
  await page.getByText('has an invalid value').waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight), 0);
  const grid = await page.getByRole('treegrid').boundingBox();
  assert.ok(Math.abs(grid.y + grid.height - 800) <= 1);
  await page.close();
});

test('services are shown alone or hidden, a row counts hidden spans where they were, and one click shows all', async () => {
  const { page } = await openAt(`/trace/${ID}`, 1280, 800);
  await page.getByRole('button', { name: 'Services 8' }).click();
  const db = page.getByRole('button', { name: 'db 12' });
  await db.click({ modifiers: ['Shift'] });
  assert.deepEqual((await addressOf(page)).searchParams.getAll('prune'), ['db']);
  await page.getByRole('row', { name: '12 spans hidden show all' }).waitFor();
  await db.click({ modifiers: ['Shift'] });
  await db.click();
  // The root, a gap of hidden spans, the group, and another gap.
  await page.waitForFunction(() => window.__perf.rows() === 4);
  assert.match(await page.locator('[data-row="0"]').textContent(), /POST \/orders/);
  await page.getByRole('row', { name: 'spans hidden' }).click();
  await page.waitForFunction(() => location.search === '');
  await page.goto(`${server.url}/trace/${ID}?prune=checkout&prune=db${Array.from({ length: 6 }, (_, at) => `&prune=service-${at}`).join('')}`);
  await page.getByRole('row', { name: '54 spans hidden show all' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.search === '');
  await page.close();
});
