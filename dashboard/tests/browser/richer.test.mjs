// What the dashboard does with API v1. Runs against the model of the API.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openPage } from '../support/browser.mjs';
import { addLargeTrace, fillModel } from '../support/generate.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

let browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

async function withModel(options, run) {
  const model = new Model(options);
  const requests = [];
  const handler = model.handler();
  const server = await serveDashboard((request, response) => {
    requests.push(request.url);
    return handler(request, response);
  });
  try {
    await run({ model, server, requests });
  } finally {
    await server.close();
  }
}

const dots = (page, count) => page.waitForFunction((wanted) => window.__perf?.dots?.() === wanted, count);
const ID = 'ab'.repeat(16);
const span = (more = {}) => ({ id: '1'.repeat(16), start: -5e9, duration: 213e6, service: 'checkout', operation: 'POST /orders', ...more });

test('polls ask only for changes, and the numbers are of all traces', () =>
  withModel({}, async ({ model, server, requests }) => {
    fillModel(model, 3000);
    const { page, errors } = await openPage(browser.context, server.url);
    await dots(page, 3000);
    await page.waitForFunction(() => window.__perf.numbers()?.traces === 3000);
    const truth = model.stats(new URLSearchParams());
    const numbers = await page.evaluate(() => window.__perf.numbers());
    assert.equal(numbers.p95, truth.p95_ns);
    assert.equal(numbers.errors, truth.errors);
    model.put(ID, [span()]);
    await dots(page, 3001);
    assert.ok(requests.some((url) => url.includes('cursor=')));
    assert.ok(requests.every((url) => url.startsWith('/api/v1/')), 'the contract is not asked');
    assert.deepEqual(errors, []);
    await page.close();
  }));

test('a restart of the server clears the page, and a notice says so', () =>
  withModel({}, async ({ model, server }) => {
    model.put(ID, [span()]);
    const { page } = await openPage(browser.context, server.url);
    await dots(page, 1);
    model.epoch = 'model-2';
    model.remove(ID);
    model.put('cd'.repeat(16), [span(), span({ id: '2'.repeat(16), parent: '1'.repeat(16) })]);
    await page.getByText('The server was restarted: 1 trace that it had before is gone.').waitFor();
    await page.getByText('Traces in view').waitFor();
    await page.close();
  }));

test('the notice about a restart that lost nothing goes away', () =>
  withModel({}, async ({ model, server }) => {
    fillModel(model, 30);
    const { page } = await openPage(browser.context, server.url);
    await dots(page, 30);
    await page.getByRole('button', { name: 'Live' }).click();
    model.epoch = 'model-2';
    const notice = page.getByText('Reconnected after a server restart');
    await notice.waitFor();
    await dots(page, 30);
    // Traces that are read again do not count as new.
    assert.equal(await page.getByRole('button', { name: /^Paused/ }).textContent(), 'Paused');
    await notice.waitFor({ state: 'detached', timeout: 15_000 });
    await page.close();
  }));

test('a trace that grows while the chart is paused does not count as new', () =>
  withModel({}, async ({ model, server }) => {
    model.put(ID, [span()]);
    const { page } = await openPage(browser.context, server.url);
    await dots(page, 1);
    await page.getByRole('button', { name: 'Live' }).click();
    const child = (at) => span({ id: String(at).repeat(16), parent: '1'.repeat(16) });
    for (const more of [[child(2)], [child(2), child(3)]]) {
      model.put(ID, [span(), ...more]);
      await page.waitForFunction((spans) => window.__perf.numbers().spans === spans, 1 + more.length);
    }
    model.put('cd'.repeat(16), [span()]);
    await page.getByRole('button', { name: 'Paused +1', exact: true }).waitFor();
    await page.close();
  }));

test('the page counts for a server without stats, and reads traces by the contract where it has no tree', () =>
  withModel({ features: ['points'] }, async ({ model, server, requests }) => {
    model.put(ID, [span({ error: true })]);
    const { page } = await openPage(browser.context, server.url);
    await page.waitForFunction(() => window.__perf?.numbers?.()?.errors === 1);
    await page.goto(`${server.url}/trace/${ID}`);
    await page.getByText('This trace was not found').waitFor();
    assert.ok(requests.includes('/traces/abababab-abab-abab-abab-abababababab'));
    assert.ok(!requests.some((url) => url.includes('/stats')));
    await page.close();
  }));

test('beyond the cap the server filters', () =>
  withModel({ pointsMax: 200 }, async ({ model, server, requests }) => {
    fillModel(model, 1000);
    const failed = model.stats(new URLSearchParams()).error;
    const { page } = await openPage(browser.context, server.url);
    await dots(page, 200);
    await page.getByText('Showing the newest 200 of 1,000 traces').waitFor();
    await page.keyboard.press('3');
    await dots(page, failed);
    assert.ok(requests.some((url) => url.includes('/points?f=error')));
    await page.keyboard.press('1');
    await dots(page, 200);
    await page.close();
  }));

test('the stream brings traces at once, and without it polls bring the same', () =>
  withModel({ features: ['points', 'stats', 'stream'] }, async ({ model, server, requests }) => {
    model.put(ID, [span()]);
    const { page, errors } = await openPage(browser.context, server.url);
    await dots(page, 1);
    await page.waitForFunction(() => window.__perf.marks.filter((mark) => mark.name === 'poll-apply').length >= 2);
    const asked = () => requests.filter((url) => url.includes('/traces/points')).length;
    const [sent, askedBy] = [Date.now(), asked()];
    model.put('cd'.repeat(16), [span({ duration: 1e6 })]);
    await dots(page, 2);
    // Without a poll in between, only the stream can have brought it; else it has to have arrived faster than by a poll.
    assert.ok(asked() === askedBy || Date.now() - sent < 1000, `${Date.now() - sent} ms`);
    const askedBefore = asked();
    model.features = ['points', 'stats'];
    model.dropStreams();
    model.put('ef'.repeat(16), [span({ duration: 9e6 })]);
    await dots(page, 3);
    assert.ok(asked() > askedBefore);
    assert.deepEqual(errors.filter((error) => !error.includes('EventSource')), []);
    await page.close();
  }));

test('A8: an open trace that leaves the window stays, marked as expired', () =>
  withModel({ windowNs: 8e9 }, async ({ model, server }) => {
    model.put(ID, [span()]);
    const { page, errors } = await openPage(browser.context, `${server.url}/trace/${ID}`);
    await page.getByText(/leaves the window in 0:0/).waitFor();
    model.remove(ID);
    await page.getByText('expired', { exact: true }).waitFor();
    assert.equal(await page.locator('[data-row]').count(), 1);
    assert.deepEqual(errors, []);
    await page.close();
  }));

test('when all traces have left the window, the chart says so and when the last one started', () =>
  withModel({ windowNs: 8e9 }, async ({ model, server }) => {
    model.put(ID, [span()]);
    const { page } = await openPage(browser.context, server.url);
    await dots(page, 1);
    model.remove(ID);
    await page.getByText(/Nothing in the last 8 s; the last trace started at \d\d:\d\d:\d\d/).waitFor();
    assert.equal(await page.getByText('Waiting for the first trace').count(), 0);
    await page.close();
  }));

test('a span shows its kind, status, attributes, events, links and resource', () =>
  withModel({}, async ({ model, server }) => {
    const child = span({
      id: '2'.repeat(16), parent: '1'.repeat(16), operation: 'charge card', service: 'payment', kind: 3, error: true, attributes: { 'card.brand': 'visa' },
      events: [{ name: 'exception', at: 1e6, attributes: { 'exception.type': 'Declined', 'exception.stacktrace': 'at charge()\nat main()' } }],
      links: [{ trace_id: 'cd'.repeat(16), span_id: '3'.repeat(16) }],
    });
    model.put(ID, [span(), child]);
    model.put('cd'.repeat(16), [span({ id: '3'.repeat(16), operation: 'linked one' })]);
    const { page, errors } = await openPage(browser.context, `${server.url}/trace/${ID}`);
    await page.getByText('charge card').click();
    const detail = page.getByTestId('detail');
    for (const text of ['client', 'error: it failed', 'card.brand', 'visa', 'exception', 'at main()', 'Resource', 'Scope model 1']) await detail.getByText(text, { exact: false }).first().waitFor();
    await detail.getByRole('link', { name: 'checkout linked one' }).click();
    await page.getByTestId('detail').getByRole('heading', { name: 'linked one' }).waitFor();
    await page.goBack();
    await detail.getByRole('heading', { name: 'charge card' }).waitFor();
    assert.deepEqual(errors, []);
    await page.close();
  }));

test('the server searches attributes, and stepping to a match opens its ancestors', () =>
  withModel({}, async ({ model, server }) => {
    const id = addLargeTrace(model, 3000);
    const { page } = await openPage(browser.context, `${server.url}/trace/${id}`);
    await page.getByRole('treegrid').waitFor();
    const truth = model.search(model.traces.get(id), '/r/13"').matches.length;
    await page.keyboard.press('Control+f');
    await page.keyboard.type('/r/13"');
    await page.getByTestId('found').filter({ hasText: String(truth) }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[aria-selected="true"][data-match]').waitFor();
    await page.close();
  }));
