// A trace whose server fails, forgets it or answers in part. Runs against the model of the API.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openPage } from '../support/browser.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

const MS = 1e6;
const ID = 'ab'.repeat(16);
let browser;
before(async () => {
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
});

const hex = (number) => number.toString(16).padStart(16, '0');

/** A root and its calls, each with an attribute of its own. */
function spans(calls) {
  const root = { id: hex(1), start: -5000 * MS, duration: 400 * MS, service: 'checkout', operation: 'POST /orders', attributes: { note: 'of the root' } };
  const child = (at) => ({ id: hex(10 + at), parent: root.id, start: root.start + at * MS, duration: MS, service: 'db', operation: `call ${at}`, attributes: { note: `number ${at}` } });
  return [root, ...Array.from({ length: calls }, (_, at) => child(at))];
}

/** `faults` decides on each request: `null` answers it, a number is the status of the answer, `'gone'` breaks it off. */
async function withModel(options, run) {
  const model = new Model(options);
  const requests = [];
  const state = { fault: () => null };
  const handler = model.handler();
  const server = await serveDashboard(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const fault = state.fault(request.url, request.method);
    if (fault === null) await handler(request, response);
    else if (fault === 'gone') response.destroy();
    else response.writeHead(fault, { 'content-type': 'application/json' }).end('{"error":"it is broken"}');
  });
  try {
    await run({ model, server, requests, state });
  } finally {
    await server.close();
  }
}

async function openTrace(server, query = '') {
  const opened = await openPage(browser.context, `${server.url}/trace/${ID}${query}`);
  await opened.page.getByRole('treegrid').waitFor();
  return opened;
}

const isBatch = (request) => request.startsWith('POST ') && request.endsWith('/spans');

test('a trace is read whole once it is open, and stays readable after it has left the window', () =>
  withModel({ windowNs: 9e9 }, async ({ model, server, requests, state }) => {
    model.put(ID, spans(20));
    const { page, errors } = await openTrace(server);
    await page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/spans'));
    assert.equal(requests.filter(isBatch).length, 1);
    await page.getByText(/leaves the window in 0:\d\d: export keeps a copy/).waitFor();
    model.remove(ID);
    await page.getByText('expired', { exact: true }).waitFor();
    state.fault = (url) => (url.includes(ID) ? 404 : null);
    await page.locator('[data-row="7"]').click();
    await page.getByTestId('detail').getByText('number 6').waitFor();
    await page.getByTestId('find').fill('number 13');
    await page.locator('[data-row="14"][data-match]').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'OTLP' }).click()]);
    assert.ok(await download.path());
    assert.deepEqual(errors, []);
    await page.close();
  }));

test('of a large trace the spans in sight are read, and the details of others say that they were not', () =>
  withModel({}, async ({ model, server, state }) => {
    model.put(ID, spans(900));
    const { page } = await openTrace(server);
    await page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/spans'));
    state.fault = (url) => (url.includes(ID) ? 404 : null);
    await page.locator('[data-row="7"]').click();
    await page.getByTestId('detail').getByText('number 6').waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByTestId('detail').getByText('left the window before its details were loaded').waitFor();
    await page.getByTestId('detail').getByText('db', { exact: true }).waitFor();
    await page.close();
  }));

test('details that could not be read show the service, and can be read again', () =>
  withModel({}, async ({ model, server, state }) => {
    model.put(ID, spans(3));
    state.fault = (url) => (url.includes('/spans') ? 500 : null);
    const { page } = await openTrace(server, `?span=${hex(11)}`);
    const detail = page.getByTestId('detail');
    await detail.getByText('500: it is broken').waitFor();
    await detail.getByText('db', { exact: true }).waitFor();
    state.fault = () => null;
    await detail.getByRole('button', { name: 'Retry' }).click();
    await detail.getByText('number 1').waitFor();
    await page.close();
  }));

test('a failed search says so, and is repeated on demand', () =>
  withModel({}, async ({ model, server, state }) => {
    model.put(ID, spans(3));
    state.fault = (url) => (/spans|search/.test(url) ? 500 : null);
    const { page } = await openTrace(server);
    await page.getByTestId('find').fill('of the root');
    await page.getByText('attributes could not be searched').waitFor();
    assert.equal(await page.getByText('no match').count(), 0);
    state.fault = () => null;
    await page.getByRole('search').getByRole('button', { name: 'Retry' }).click();
    await page.locator('[data-row="0"][data-match]').waitFor();
    await page.close();
  }));

test('a trace that was opened while the server was down is read when it is back', () =>
  withModel({}, async ({ model, server, state }) => {
    model.put(ID, spans(3));
    const { page } = await openPage(browser.context, server.url);
    await page.waitForFunction(() => window.__perf?.dots?.() === 1);
    state.fault = () => 'gone';
    await page.getByTestId('failure').waitFor();
    const asked = page.waitForRequest(/tree/);
    await page.evaluate((id) => history.pushState(null, '', `/trace/${id}`) ?? dispatchEvent(new PopStateEvent('popstate')), ID);
    await asked;
    await page.getByRole('heading', { name: 'Waiting for the server' }).waitFor();
    assert.equal(await page.getByRole('alert').count(), 1);
    await page.getByRole('link', { name: 'Back to the overview' }).waitFor();
    state.fault = () => null;
    await page.getByRole('button', { name: 'Retry now' }).click();
    await page.getByRole('treegrid').waitFor();
    await page.close();
  }));
