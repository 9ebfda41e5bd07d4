// The overview of a real server: checks A1 to A7 of the specification. Also runs against a server with only the contract.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { addressOf, openBrowser, openPage } from '../support/browser.mjs';
import { pointOf, positionsOf, startFiveTraces, viewOf } from '../support/fiveTraces.mjs';
import { contractSpan, nowNs } from '../support/generate.mjs';
import { post, startTraced } from '../support/traced.mjs';

const MS = 1_000_000n;
let traced;
let dashboard;
let browser;
let traces;
let openExplore;
let close;

before(async () => {
  ({ traced, dashboard, browser, traces, openExplore, close } = await startFiveTraces());
});
after(() => close?.());

test('A1: five traces are five dots in the colours of their services, the one with an error red', async () => {
  const { page, errors } = await openExplore();
  // Another frame may be due after the dots were counted, and the canvas is empty until it is painted.
  const painted = await page.waitForFunction(() => {
    const canvas = document.querySelector('canvas');
    const { left, top } = window.__perf.view();
    const density = canvas.width / canvas.clientWidth;
    const dots = window.__perf.dotPositions(100).map(({ x, y, failed, id }) => {
      const [r, g, b, alpha] = canvas.getContext('2d').getImageData(Math.round((left + x) * density), Math.round((top + y) * density), 1, 1).data;
      return { id, failed, colour: [r, g, b].join(), alpha };
    });
    return dots.every(({ alpha }) => alpha > 0) && dots;
  });
  const colours = await painted.jsonValue();
  assert.equal(colours.length, 5);
  assert.deepEqual(colours.filter((dot) => dot.failed).map((dot) => dot.colour), ['217,22,43']);
  assert.equal(new Set(colours.filter((dot) => !dot.failed).map((dot) => dot.colour)).size, 2);
  assert.match(await page.locator('#chart-summary').textContent(), /5 traces/);
  assert.deepEqual(errors, []);
  await page.close();
});

test('A2: the page polls every three seconds, one poll at a time, and not while it is hidden', async () => {
  const { page } = await openExplore();
  const starts = [];
  let [open, most] = [0, 0];
  const isList = (request) => /\/traces(\/points)?\?/.test(request.url());
  page.on('request', (request) => {
    if (!isList(request)) return;
    starts.push(Date.now());
    open += 1;
    most = Math.max(most, open);
  });
  page.on('requestfinished', (request) => { if (isList(request)) open -= 1; });
  await page.waitForEvent('request', { predicate: () => starts.length >= 5, timeout: 20_000 });
  starts.slice(1).forEach((at, index) => assert.ok(Math.abs(at - starts[index] - 3000) < 500, `${at - starts[index]} ms`));
  assert.equal(most, 1);
  await hide(page, true);
  const asked = starts.length;
  // Only waiting shows that nothing happens.
  await page.waitForTimeout(4000);
  assert.equal(starts.length, asked);
  const shown = page.waitForRequest(isList, { timeout: 1000 });
  await hide(page, false);
  await shown;
  await page.close();
});

/** Hides the page as if another tab were in front; Playwright cannot do that itself. */
async function hide(page, isHidden) {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);
}

test('A2: with API v1 a stream brings new traces within a second', { skip: Boolean(process.env.CONTRACT_ONLY) }, async () => {
  const own = await startTraced();
  const { page } = await openPage(browser.context, own.url);
  const stream = page.waitForRequest((request) => request.url().includes('/api/v1/stream'));
  await page.getByText('Waiting for the first trace').waitFor();
  await stream;
  const sent = Date.now();
  await post(own.url, [contractSpan({ traceId: randomUUID(), startNs: nowNs(), durationNs: MS })]);
  await page.waitForFunction(() => window.__perf?.dots?.() === 1);
  assert.ok(Date.now() - sent < 1000, `${Date.now() - sent} ms`);
  await page.close();
  await own.stop();
});

test('A3: numbers and filters match the traces that were sent', async () => {
  const { page } = await openExplore();
  await page.waitForFunction(() => window.__perf.numbers() !== null);
  const numbers = () => page.evaluate(() => window.__perf.numbers());
  const [ms3, ms30, ms300, ms3000] = [3e6, 30e6, 300e6, 3000e6];
  assert.deepEqual(await numbers(), {
    all: 5, ok: 4, error: 1, traces: 5, errors: 1, spans: 10, avg: (2 * ms3 + ms30 + ms300 + ms3000) / 5,
    p50: ms30, p95: ms3000, p99: ms3000, approximate: false,
  });
  await page.getByRole('radio', { name: /^Error/ }).click();
  await page.waitForFunction(() => window.__perf.dots() === 1);
  assert.deepEqual(await numbers().then(({ traces: shown, errors, avg }) => ({ shown, errors, avg })), { shown: 1, errors: 1, avg: ms300 });
  await page.keyboard.press('2');
  await page.waitForFunction(() => window.__perf.dots() === 4);
  await page.close();
});

test('A4: a dot shows what it is, and opens its trace', async () => {
  const { page } = await openExplore();
  const wanted = traces[2];
  const place = (await positionsOf(page)).find((dot) => dot.id === wanted.traceId.replaceAll('-', ''));
  await page.mouse.move(...(await pointOf(page, place)));
  const card = page.getByTestId('hover-card');
  const text = await card.textContent();
  for (const part of ['checkout', 'op 2', 'error', '300 ms', '2 spans', wanted.traceId.replaceAll('-', '')]) assert.ok(text.includes(part), `${part} in ${text}`);
  await page.mouse.down();
  await page.mouse.up();
  const grid = page.getByRole('treegrid');
  await grid.waitFor();
  assert.equal(await grid.getAttribute('aria-rowcount'), '3');
  assert.deepEqual(await grid.locator('[data-row]').evaluateAll((rows) => rows.map((row) => row.ariaLevel)), ['1', '2']);
  await page.goBack();
  await page.waitForFunction(() => window.__perf.dots() === 5);
  await page.close();
});

test('A4: the keyboard goes from dot to dot and opens one', async () => {
  const { page } = await openExplore();
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.getByText(/one of 5/).waitFor({ state: 'attached' });
  await page.keyboard.press('n');
  await page.getByText(/op 2, 300 milliseconds, 2 spans, error/).waitFor({ state: 'attached' });
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/trace/${traces[2].traceId.replaceAll('-', '')}*`);
  await page.close();
});

test('A5: the page says why a server cannot be used, and recovers without a reload', async () => {
  const listen = (answer) => new Promise((resolve) => {
    const server = createServer(answer);
    server.listen(0, '127.0.0.1', () => resolve({ server, url: `http://127.0.0.1:${server.address().port}` }));
  });
  const html = await listen((_, response) => response.writeHead(200, { 'access-control-allow-origin': '*' }).end('<p>hello</p>'));
  const closed = await listen((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"traces":[],"total":0}'));
  const other = await listen((_, response) => response.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' }).end('{}'));
  const { page } = await openExplore();
  const box = page.getByLabel('Address of the server');
  const connectTo = async (address, message) => {
    await box.fill(address);
    await box.press('Enter');
    await page.getByTestId('failure').filter({ hasText: message }).waitFor();
  };
  await connectTo('127.0.0.1:9', /Nothing answers/);
  assert.equal(await page.getByRole('main').getAttribute('data-stale'), 'true');
  await connectTo(html.url, /not with JSON/);
  await connectTo(other.url, /answers, but not as a trace server/);
  await connectTo(closed.url, /does not allow pages from/);
  await box.fill('ftp://x');
  await box.press('Enter');
  await page.getByText('Only http and https work').waitFor();
  await box.fill(traced.url);
  await box.press('Enter');
  await page.waitForFunction(() => window.__perf.dots() === 5);
  assert.equal(await page.getByTestId('failure').count(), 0);
  other.server.close();
  html.server.close();
  closed.server.close();
  await page.close();
});

test('A5: the reader has to confirm a link to an unknown server', async () => {
  const [fresh, stranger] = [await openBrowser(), await startTraced()];
  await post(stranger.url, traces.flatMap((trace) => trace.spans));
  const { page } = await openPage(fresh.context, `${dashboard.url}/?base=${encodeURIComponent(stranger.url)}`);
  await page.getByText('This link shows traces of another server').waitFor();
  assert.equal(await page.evaluate(() => window.__perf.dots?.() ?? 0), 0);
  await page.getByRole('status').getByRole('button', { name: 'Connect' }).click();
  await page.waitForFunction(() => window.__perf.dots() === 5);
  await fresh.close();
  await stranger.stop();
});

test('A6: zoom keeps the time under the pointer, a drag moves it, a double click resets', async () => {
  const { page } = await openExplore();
  const box = await page.getByRole('application').boundingBox();
  await page.getByRole('button', { name: 'Live' }).click();
  const start = await viewOf(page);
  const px = 400;
  const timeAt = (seen, x) => seen.fromMs + (x / seen.width) * (seen.toMs - seen.fromMs);
  await page.mouse.move(box.x + start.left + px, box.y + 100);
  for (let turn = 0; turn < 5; turn += 1) await page.mouse.wheel(0, -200);
  await page.waitForFunction((span) => window.__perf.view().toMs - window.__perf.view().fromMs < span, (start.toMs - start.fromMs) / 2);
  await page.waitForFunction((from) => new URLSearchParams(location.search).get('from') !== from, (await addressOf(page)).searchParams.get('from'));
  const zoomed = await viewOf(page);
  const perPixel = (zoomed.toMs - zoomed.fromMs) / zoomed.width;
  assert.ok(Math.abs(timeAt(zoomed, px) - timeAt(start, px)) < perPixel);
  await page.mouse.down();
  await page.mouse.move(box.x + start.left + px - 100, box.y + 120, { steps: 5 });
  await page.mouse.up();
  const dragged = await viewOf(page);
  assert.ok(Math.abs(dragged.fromMs - zoomed.fromMs - 100 * perPixel) < perPixel);
  await page.keyboard.down('Alt');
  await page.mouse.down();
  await page.mouse.move(box.x + start.left + px, box.y + 220, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up('Alt');
  await page.getByText('Traces in the box').waitFor();
  await page.mouse.dblclick(box.x + start.left + 30, box.y + 60);
  await page.waitForFunction(() => location.search === '');
  assert.equal((await page.evaluate(() => window.__perf.state())).live, true);
  await page.close();
});

test('A6: two fingers zoom around the point between them', async () => {
  const { page } = await openExplore('?live=0');
  const start = await viewOf(page);
  assert.equal(Math.round(start.toMs - start.fromMs), 600_000);
  await page.evaluate(({ left }) => {
    const canvas = document.querySelector('canvas');
    const box = canvas.getBoundingClientRect();
    canvas.setPointerCapture = () => {};
    const send = (type, pointerId, x) => canvas.dispatchEvent(new PointerEvent(type, { pointerId, clientX: box.left + left + x, clientY: box.top + 100, button: 0, bubbles: true }));
    send('pointerdown', 1, 300);
    send('pointerdown', 2, 400);
    send('pointermove', 1, 250);
    send('pointermove', 2, 450);
    send('pointerup', 1, 250);
    send('pointerup', 2, 450);
  }, start);
  const zoomed = await viewOf(page);
  const span = (seen) => seen.toMs - seen.fromMs;
  assert.ok(Math.abs(span(zoomed) - span(start) / 2) < 1);
  const middle = (seen) => seen.fromMs + (350 / seen.width) * span(seen);
  assert.ok(Math.abs(middle(zoomed) - middle(start)) < span(zoomed) / zoomed.width);
  await page.close();
});

test('A7: the address holds every choice, and restores it', async () => {
  const { page } = await openExplore();
  await page.getByRole('radio', { name: /^OK/ }).click();
  await page.getByRole('radio', { name: 'Linear' }).click();
  await page.getByRole('button', { name: 'Duration' }).click();
  await page.getByLabel('Time range').selectOption({ label: 'Last 5m' });
  await page.getByRole('button', { name: /^search/ }).click({ modifiers: ['Shift'] });
  await page.getByRole('button', { name: /^Theme/ }).click();
  await page.getByTitle('Show the 95th percentile in the chart').click();
  await page.getByRole('button', { name: 'Live' }).click();
  const state = await page.evaluate(() => window.__perf.state());
  assert.deepEqual(state.hidden, ['search']);
  assert.equal(state.showsP95, true);
  const again = await openPage(browser.context, (await addressOf(page)).href);
  await again.page.waitForFunction(() => window.__perf?.state);
  assert.deepEqual(await again.page.evaluate(() => window.__perf.state()), state);
  await page.goBack();
  assert.equal((await page.evaluate(() => window.__perf.state())).live, true);
  await page.goForward();
  assert.deepEqual(await page.evaluate(() => window.__perf.state()), state);
  await page.close();
  await again.page.close();
});
