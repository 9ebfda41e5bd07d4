// The panel with the details of a span, and the reasons for matches. Runs against the model of the API.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openPage } from '../support/browser.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

const MS = 1e6;
const [ID, OTHER, GONE, INSTANT] = ['ab', 'cd', 'ee', 'f0'].map((byte) => byte.repeat(16));
const LONG_URL = 'https://shop.example.com/api/v2/orders?session=8a4b2c1d9e7f&campaign=winter';
let [browser, server] = [];

before(async () => {
  browser = await openBrowser({ context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  const model = new Model();
  const root = { id: hex(1), start: -60_000 * MS, duration: 400 * MS, service: 'checkout', operation: 'POST /orders' };
  const child = (id, more) => ({ id: hex(id), parent: root.id, start: root.start + id * MS, duration: MS, service: 'db', operation: `call ${id}`, ...more });
  const attributes = (at) => ({ 'url.full': LONG_URL, body: '{"items":[{"sku":"a-1"}]}', note: `needle ${at}`, region: 'eu', user: `u${at}` });
  model.put(ID, [
    root,
    child(2, { attributes: attributes(2) }),
    child(3, { attributes: attributes(3) }),
    child(4, {
      error: true,
      events: [{ name: 'exception', at: 0, attributes: { 'exception.stacktrace': Array.from({ length: 40 }, (_, at) => `  at frame ${at} (${'path/'.repeat(20)}${at}.ts)`).join('\n') } }],
      links: [{ trace_id: OTHER, span_id: hex(8) }, { trace_id: GONE, span_id: hex(9) }, { trace_id: ID, span_id: hex(2) }],
    }),
  ]);
  model.put(OTHER, [{ ...root, id: hex(7), operation: 'import' }, { ...root, id: hex(8), parent: hex(7), operation: 'write rows' }]);
  model.put(INSTANT, [{ ...root, duration: 0 }]);
  server = await serveDashboard(model.handler());
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const hex = (number) => number.toString(16).padStart(16, '0');

async function openTrace(query = '', id = ID) {
  const opened = await openPage(browser.context, `${server.url}/trace/${id}${query}`);
  await opened.page.getByRole('treegrid').waitFor();
  return { ...opened, detail: opened.page.getByTestId('detail') };
}

test('a match shows which attribute has the text, in its row and in the panel', async () => {
  const { page, errors } = await openTrace(`?find=needle&span=${hex(2)}`);
  await page.locator('[data-match]').getByText('note = needle 2').waitFor();
  await page.getByTestId('detail').locator('mark').getByText('needle').waitFor();
  await page.getByTestId('find').fill('call');
  await page.getByTestId('found').filter({ hasText: '3' }).waitFor();
  assert.equal(await page.locator('[data-match]').getByText('=').count(), 0);
  assert.deepEqual(errors, []);
  await page.close();
});

test('the attribute filter stays while the reader goes through spans, long values take the whole width, and keys can be copied', async () => {
  const { page, detail } = await openTrace(`?span=${hex(2)}`);
  const [panel, value] = [await detail.boundingBox(), await detail.locator('dd').filter({ hasText: LONG_URL }).boundingBox()];
  assert.ok(value.width > panel.width * 0.75, `${value.width} of ${panel.width}`);
  assert.match(await detail.locator('dd').filter({ hasText: 'sku' }).textContent(), /\n {4}\{\n {6}"sku": "a-1"/);
  await detail.getByRole('button', { name: 'Copy the key region' }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'region');
  await detail.getByLabel('Filter attributes').fill('user');
  await page.locator('[data-row="2"]').click();
  await detail.getByText('u3', { exact: true }).waitFor();
  assert.equal(await detail.getByText('region').count(), 0);
  await page.close();
});

test('Escape empties a text box, then gives the focus back to the rows', async () => {
  const { page, detail } = await openTrace(`?span=${hex(2)}`);
  const tag = () => page.evaluate(() => [document.activeElement.tagName, document.activeElement.dataset.row]);
  for (const box of [page.getByTestId('find'), detail.getByLabel('Filter attributes')]) {
    await box.fill('region');
    await page.keyboard.press('Escape');
    assert.deepEqual([await box.inputValue(), (await tag())[0]], ['', 'INPUT']);
    await page.keyboard.press('Escape');
    assert.deepEqual(await tag(), ['DIV', '1']);
  }
  await detail.waitFor();
  await page.close();
});

test('the panel is resized by a drag and by keys', async () => {
  const { page, detail } = await openTrace(`?span=${hex(2)}`);
  const width = async () => (await detail.boundingBox()).width;
  const [start, edge] = [await width(), page.getByRole('separator', { name: 'Width of the details' })];
  const place = await edge.boundingBox();
  await page.mouse.move(place.x + 4, place.y + 100);
  await page.mouse.down();
  await page.mouse.move(place.x - 150, place.y + 100);
  await page.mouse.up();
  const dragged = await width();
  assert.ok(dragged > start + 120, `${dragged} was ${start}`);
  await edge.focus();
  await page.keyboard.press('ArrowRight');
  assert.ok((await width()) < dragged);
  await page.close();
});

test('a stack trace says how many lines it has, and can be wrapped and copied', async () => {
  const { page, detail } = await openTrace(`?span=${hex(4)}`);
  await detail.getByText('stack trace, 40 lines').waitFor();
  const overflow = () => detail.locator('pre').evaluate((stack) => stack.scrollWidth - stack.clientWidth);
  assert.ok((await overflow()) > 0);
  await detail.getByLabel('wrap').check();
  assert.equal(await overflow(), 0);
  await detail.getByRole('button', { name: 'Copy the stack trace' }).click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /frame 39/);
  await page.close();
});

test('a link names its target and says whether that is in the window, and Back returns', async () => {
  const { page, detail } = await openTrace(`?span=${hex(4)}`);
  const links = detail.getByTestId('link');
  await links.nth(0).getByText('is in the window', { exact: true }).waitFor();
  await links.nth(1).getByText('was not found').waitFor();
  await links.nth(2).getByText('in this trace').waitFor();
  await links.nth(0).getByRole('link', { name: 'checkout write rows' }).click();
  await detail.getByRole('heading', { name: 'write rows' }).waitFor();
  await page.goBack();
  await detail.getByRole('heading', { name: 'call 4' }).waitFor();
  await links.nth(2).getByRole('button', { name: 'db call 2' }).click();
  await detail.getByRole('heading', { name: 'call 2' }).waitFor();
  await page.close();
});

test('an unset status is not called ok, and a scope without attributes has no empty list', async () => {
  const { page, detail } = await openTrace(`?span=${hex(2)}`);
  await detail.getByText('unset').waitFor();
  await detail.getByText('Scope model 1').waitFor();
  assert.equal(await detail.getByText('None').count(), 0);
  await page.close();
});

test('a trace of one instant takes 0 ns, and its ruler marks no fraction of a nanosecond', async () => {
  const { page } = await openTrace('', INSTANT);
  assert.match(await page.getByTestId('trace-summary').textContent(), /^0 ns/);
  assert.deepEqual(await page.locator('[data-tick]').allTextContents(), ['0']);
  const inked = await page.getByRole('group', { name: 'The whole trace' }).locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(canvas.width / 4, 0, canvas.width / 2, canvas.height);
    return data.some((value) => value > 0);
  });
  assert.ok(inked);
  await page.close();
});
