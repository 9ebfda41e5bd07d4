// What the waterfall draws, and its keyboard. Runs against the model of the API.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { addressOf, openBrowser, openPage } from '../support/browser.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

const MS = 1e6;
const IDS = { many: 'a1'.repeat(16), mixed: 'b2'.repeat(16) };
let [browser, model, server] = [];

before(async () => {
  browser = await openBrowser();
  model = new Model();
  server = await serveDashboard(model.handler());
  model.put(IDS.many, many());
  model.put(IDS.mixed, mixed());
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const hex = (number) => number.toString(16).padStart(16, '0');
const root = (more) => ({ id: hex(1), start: -60_000 * MS, duration: 4000 * MS, service: 'checkout', operation: 'batch', ...more });
const child = (id, start, duration, more) => ({ id: hex(id), parent: hex(1), start: root().start + start * MS, duration: duration * MS, service: 'db', operation: `call ${id}`, ...more });

/** A root of 4 s with 700 calls, whose self time is 1.2 s. */
function many() {
  return [root(), ...Array.from({ length: 700 }, (_, at) => child(10 + at, at * 5.7, 4, { operation: `SELECT ${at % 7}` }))];
}

/** A root with an error, a child that ends after it, and a group in its middle. */
function mixed() {
  return [root({ error: true }), child(2, 3600, 800), ...Array.from({ length: 30 }, (_, at) => child(10 + at, 1000 + at * 40, 30, { operation: 'SELECT' }))];
}

async function openTrace(id, query = '') {
  const opened = await openPage(browser.context, `${server.url}/trace/${id}${query}`);
  await opened.page.getByRole('treegrid').waitFor();
  return opened;
}

test('self time is drawn up to the end of a span, however many children it has', async () => {
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

test('the critical path is visible on the shortest spans too', async () => {
  const { page } = await openTrace(IDS.many);
  const inside = await page.locator('[data-row="5"] [data-path]').evaluate((part) => [part.clientWidth, part.clientHeight]);
  assert.deepEqual(inside, [2, 2]);
  await page.close();
});

const active = (page) => page.evaluate(() => document.activeElement.dataset.row ?? document.activeElement.tagName);
const stops = (page) => page.locator('[role="row"][tabindex="0"]').evaluateAll((rows) => rows.map((row) => row.dataset.row));

test('the focus stays at its place in the tree when its row is folded, hidden or no match', async () => {
  const { page, errors } = await openTrace(IDS.many);
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.press('End');
  assert.equal(await active(page), '700');
  await page.keyboard.press('1');
  await page.waitForFunction(() => window.__perf.rows() === 1);
  assert.equal(await active(page), '0');
  await page.keyboard.press(']');
  await page.waitForFunction(() => window.__perf.rows() === 701);
  assert.equal(await active(page), '700');
  await page.getByTestId('find').fill('SELECT 3');
  await page.getByRole('button', { name: 'Only matches' }).click();
  await page.waitForFunction(() => window.__perf.rows() === 101);
  assert.deepEqual(await stops(page), ['0']);
  await page.getByRole('button', { name: 'Only matches' }).click();
  await page.waitForFunction(() => window.__perf.rows() === 701);
  assert.deepEqual(await stops(page), ['700']);
  assert.deepEqual(errors, []);
  await page.close();
});

test('taking new spans keeps the focus on its row, and the row at its place on the screen', async () => {
  const { page } = await openTrace(IDS.many);
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.press('End');
  const place = async () => (await page.locator('[role="row"][tabindex="0"]').boundingBox()).y;
  const was = await place();
  model.put(IDS.many, [...many(), child(5000, -1, 4, { operation: 'earlier' })]);
  await page.getByRole('button', { name: '1 new span' }).click();
  await page.waitForFunction(() => window.__perf.rows() === 702);
  assert.equal(await active(page), '701');
  assert.ok(Math.abs((await place()) - was) <= 1, `${await place()} was ${was}`);
  model.put(IDS.many, many());
  await page.close();
});

test('a link to a span scrolls to its row', async () => {
  const { page } = await openTrace(IDS.many, `?span=${hex(600)}`);
  await page.locator('[aria-selected="true"]').waitFor();
  const [row, grid] = [await page.locator('[aria-selected="true"]').boundingBox(), await page.getByRole('treegrid').boundingBox()];
  assert.ok(row.y > grid.y && row.y + row.height <= grid.y + grid.height);
  await page.close();
});

test('on the minimap a drag inside the shown part moves it, and outside chooses another', async () => {
  const { page } = await openTrace(IDS.many, '?zoom=1000000000,2000000000');
  const map = await page.getByRole('group', { name: 'The whole trace' }).boundingBox();
  const at = (ns) => map.x + (ns / 4e9) * map.width;
  const zoom = async () => (await addressOf(page)).searchParams.get('zoom').split(',').map((ns) => Number(ns) / 1e9);
  const drag = async (from, to) => {
    await page.mouse.move(at(from), map.y + 30);
    await page.mouse.down();
    await page.mouse.move(at(to), map.y + 30, { steps: 4 });
    await page.mouse.up();
  };
  const isNear = async (wanted) => {
    const edges = await zoom();
    edges.forEach((edge, which) => assert.ok(Math.abs(edge - wanted[which]) < 0.02, `${edges} is not ${wanted}`));
  };
  await drag(1.5e9, 2.5e9);
  await isNear([2, 3]);
  await drag(2.5e9, 4e9);
  await isNear([3, 4]);
  await drag(0.5e9, 1.5e9);
  await isNear([0.5, 1.5]);
  await page.close();
});

test('labels of ticks near the label of the crosshair are hidden', async () => {
  const { page } = await openTrace(IDS.many);
  const tick = await page.locator('[data-tick]').nth(3).boundingBox();
  const row = await page.locator('[data-row="3"]').boundingBox();
  await page.mouse.move(tick.x + 10, row.y + 10);
  await page.locator('[data-tick][data-below]').getByText('1.5 s').waitFor();
  assert.equal(await page.locator('[data-tick]').nth(3).evaluate((label) => getComputedStyle(label).color), 'rgba(0, 0, 0, 0)');
  await page.mouse.move(row.x + 100, row.y + 10);
  await page.locator('[data-tick][data-below]').waitFor({ state: 'detached' });
  await page.close();
});

test('labels stand beside their bars, and no line crosses them', async () => {
  const { page } = await openTrace(IDS.mixed);
  const [label, stripes] = [page.locator('[data-group] [data-label]'), page.locator('[data-group] i')];
  assert.equal(await label.textContent(), 'avg 30 ms, max 30 ms');
  const last = await stripes.evaluateAll((all) => Math.max(...all.map((stripe) => stripe.getBoundingClientRect().right)));
  assert.ok((await label.boundingBox()).x >= last);
  const grounds = await page.locator('[data-row="0"] [data-label]').evaluate((text) => [getComputedStyle(text).backgroundColor, getComputedStyle(document.documentElement).backgroundColor]);
  assert.equal(grounds[0], grounds[1]);
  await page.close();
});

test('a group has its number among its siblings, and an arrow where its bar is out of sight', async () => {
  const { page } = await openTrace(IDS.mixed, '?zoom=3000000000,4000000000');
  const run = page.locator('[data-group]');
  const said = await run.evaluate((row) => ['aria-selected', 'aria-setsize', 'aria-posinset', 'aria-expanded'].map((name) => row.getAttribute(name)));
  assert.deepEqual(said, ['false', '31', '1', 'false']);
  await run.getByText('‹').waitFor();
  await page.close();
});

test('an error on the minimap is a tick, and the lines of the ruler cross the rows', async () => {
  const { page } = await openTrace(IDS.mixed);
  const red = await page.getByRole('group', { name: 'The whole trace' }).locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const columns = new Set();
    for (let at = 0; at < data.length; at += 4) if (data[at] === 217 && data[at + 1] === 22) columns.add((at / 4) % canvas.width);
    return columns.size;
  });
  assert.ok(red > 0 && red < 8, `${red} columns`);
  const ticks = await page.locator('[data-tick]').evaluateAll((all) => all.map((tick) => Math.round(tick.getBoundingClientRect().left)));
  const lines = await page.getByTestId('time-lines').locator('i').evaluateAll((all) => all.map((line) => Math.round(line.getBoundingClientRect().left)));
  assert.deepEqual(lines, ticks);
  await page.close();
});

test('where only matches are shown and there is none, the waterfall says so', async () => {
  const { page } = await openTrace(IDS.mixed, '?find=nowhere&only=1');
  await page.getByText('No span matches').waitFor();
  await page.getByRole('button', { name: 'Show all spans' }).click();
  await page.waitForFunction(() => window.__perf.rows() === 3);
  await page.close();
});
