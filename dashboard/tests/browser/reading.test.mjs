// What helps to read a trace: type-ahead, slowest spans, shifted clocks, ticks of events. Runs against the model of the API.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { addressOf, openBrowser, openPage } from '../support/browser.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

const ID = 'ab'.repeat(16);
const MS = 1e6;
let [browser, model, server, requests] = [];

before(async () => {
  browser = await openBrowser();
  model = new Model();
  requests = [];
  const handler = model.handler();
  server = await serveDashboard((request, response) => {
    requests.push(request.url);
    return handler(request, response);
  });
  model.put(ID, spans());
});

after(async () => {
  await browser?.close();
  await server?.close();
});

const hex = (number) => number.toString(16).padStart(16, '0');

/** A root, a call that begins before it, one with two events, and thirty calls of other names, the last of them slow. */
function spans() {
  const root = { id: hex(1), start: -20_000 * MS, duration: 400 * MS, service: 'checkout', operation: 'POST /orders' };
  const child = (id, start, duration, more) => ({ id: hex(id), parent: root.id, start: root.start + start * MS, duration: duration * MS, service: 'checkout', operation: 'call', ...more });
  return [
    root,
    child(2, -8, 20, { service: 'audit', operation: 'record' }),
    child(3, 50, 100, { service: 'payment', operation: 'charge card', events: [{ name: 'try', at: 20 * MS }, { name: 'try again', at: 60 * MS }] }),
    // Two names in turn, so that they are not folded into a group.
    ...Array.from({ length: 30 }, (_, at) => child(10 + at, 160 + at, 1 + at, { operation: ['query', 'send mail'][at % 2] })),
  ];
}

async function openTrace(query = '') {
  const opened = await openPage(browser.context, `${server.url}/trace/${ID}${query}`);
  await opened.page.getByRole('treegrid').waitFor();
  return opened;
}

const focused = (page) => page.evaluate(() => document.activeElement.textContent);

test('typed letters go to the next row whose name begins with them', async () => {
  const { page, errors } = await openTrace();
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.type('char');
  assert.match(await focused(page), /charge card/);
  // A letter that is a shortcut belongs to a word only with Shift, or after another letter.
  await page.locator('[data-row="0"]').focus();
  // Only the passing of time ends a word.
  await page.waitForTimeout(1000);
  await page.keyboard.press('Shift+S');
  assert.match(await focused(page), /send mail/);
  assert.equal((await addressOf(page)).search, '');
  assert.deepEqual(errors, []);
  await page.close();
});

test('the slowest spans are marked, stepped through and shown alone, and the address holds that', async () => {
  const { page } = await openTrace();
  await page.getByRole('button', { name: 'Slowest 20' }).click();
  await page.waitForFunction(() => document.querySelectorAll('[data-match]').length === 20);
  await page.keyboard.press('n');
  await page.locator('[aria-selected="true"][data-match]').waitFor();
  await page.getByRole('button', { name: 'Only matches' }).click();
  await page.waitForFunction(() => window.__perf.rows() === 20);
  const { searchParams } = await addressOf(page);
  assert.deepEqual(['slow', 'only'].map((key) => searchParams.get(key)), ['1', '1']);
  await page.close();
});

test('spans that begin before their parent can be drawn shifted, but keep their times', async () => {
  const { page } = await openTrace(`?span=${hex(2)}`);
  const row = page.locator('[data-row]').filter({ hasText: 'record' });
  await row.getByText('starts 8 ms before its parent').waitFor();
  const began = await page.getByTestId('detail').getByText('the first span').textContent();
  await page.getByRole('button', { name: 'Shift 1 early span' }).click();
  await row.getByText('before its parent').waitFor({ state: 'hidden' });
  assert.equal(await page.getByTestId('detail').getByText('the first span').textContent(), began);
  assert.equal((await addressOf(page)).searchParams.get('shift'), '1');
  await page.reload();
  await page.getByRole('button', { name: 'Shift 1 early span', pressed: true }).waitFor();
  await page.close();
});

test('events are ticks on the bar, read for the rows in sight', async () => {
  const { page } = await openTrace();
  const row = page.locator('[data-row]').filter({ hasText: 'charge card' });
  await page.waitForFunction(() => document.querySelectorAll('[data-event]').length === 2);
  const places = await row.locator('[data-event]').evaluateAll((ticks) => ticks.map((tick) => Math.round(Number.parseFloat(tick.style.left))));
  // The first span begins 8 ms before the root, so the whole has 408 ms; the call begins 58 ms into it.
  assert.deepEqual(places, [78, 118].map((at) => Math.round((at / 408) * 100)));
  await page.close();
});

test('a span says how slow it is compared with spans of its name', async () => {
  const { page } = await openTrace(`?span=${hex(39)}`);
  await page.getByTestId('detail').getByText('slower than 100 %').waitFor();
  await page.close();
});

test('a trace that has not grown is not sent again', async () => {
  const { page } = await openTrace();
  const reload = async () => {
    const known = requests.length;
    const answered = page.waitForResponse((response) => response.url().includes('/tree?since_rev='));
    await page.keyboard.press('l');
    const answer = await (await answered).json();
    assert.equal(requests.slice(known).filter((url) => url.includes('/tree')).length, 1);
    return answer;
  };
  assert.equal((await reload()).unchanged, true);
  assert.equal(await page.evaluate(() => window.__perf.rows()), 33);
  model.put(ID, [...spans(), { ...spans()[5], id: hex(99), operation: 'late' }]);
  assert.equal((await reload()).start.length, 34);
  await page.waitForFunction(() => window.__perf.rows() === 34);
  model.put(ID, spans());
  await page.close();
});
