// Traces of which no root has arrived: they are drawn, marked, and counted apart.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import { openBrowser, openPage } from '../support/browser.mjs';
import { contractSpan, nowNs } from '../support/generate.mjs';
import { openDashboard, post, startTraced } from '../support/traced.mjs';

const MS = 1_000_000n;
const SENTENCE = 'The root span of this trace has not arrived. Its earliest span is shown in its place.';
let traced;
let dashboard;
let browser;

before(async () => {
  traced = await startTraced();
  dashboard = await openDashboard(traced);
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await dashboard?.close();
  await traced?.stop();
});

const tileSays = (page, text) => page.waitForFunction((expected) => document.querySelector('[data-stat="Traces"]').textContent === expected, text);

test('a page of rootless traces alone shows them, and one that gets its root is as all others', async () => {
  const { page, errors } = await openPage(browser.context, `${dashboard.url}/`);
  await page.getByText('Waiting for the first trace').waitFor();
  const [root, child] = [randomUUID(), randomUUID()];
  const traceId = randomUUID();
  const start = nowNs() - 2000n * MS;
  const under = (parent, operation, more) => contractSpan({ traceId, parent, operation, startNs: start, durationNs: 20n * MS, ...more });
  await post(traced.url, [under(root, 'behind a gateway', { spanId: child })]);
  const circle = randomUUID();
  const [one, two] = [randomUUID(), randomUUID()];
  await post(traced.url, [
    contractSpan({ traceId: circle, spanId: one, parent: two, operation: 'circle a', startNs: start - MS, durationNs: MS }),
    contractSpan({ traceId: circle, spanId: two, parent: one, operation: 'circle b', startNs: start, durationNs: MS, status: 'error' }),
  ]);
  await page.waitForFunction(() => window.__perf.dots() === 2);
  await tileSays(page, '0+ 2 no root');
  assert.equal(await page.getByText('Waiting for the first trace').count(), 0);
  const row = page.getByRole('row').filter({ hasText: 'behind a gateway' });
  assert.equal(await row.getByText('no root', { exact: true }).getAttribute('title'), SENTENCE);
  assert.match(await page.getByRole('region', { name: 'Services' }).textContent(), /no root: 2/);

  await page.getByRole('link', { name: 'circle a' }).click();
  await page.getByText('2 cycles of parents').or(page.getByText('1 cycle of parents')).waitFor();
  const opened = page.getByRole('complementary', { name: 'The open trace' });
  assert.equal(await opened.getByText('no root', { exact: true }).getAttribute('title'), SENTENCE);
  assert.equal(await opened.getByRole('heading', { level: 2 }).getAttribute('title'), 'checkout circle a');
  await page.goBack();

  // The card of the dot, which moves when the root arrives.
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  const card = page.getByTestId('hover-card');
  await card.getByText(SENTENCE).waitFor();
  const beforeX = (await card.boundingBox()).x;

  await post(traced.url, [under(undefined, 'the gateway', { spanId: root, startNs: start - 60_000n * MS, durationNs: 900n * MS })]);
  await card.getByText('the gateway').waitFor();
  assert.equal(await card.getByText(SENTENCE).count(), 0);
  assert.ok((await card.boundingBox()).x < beforeX - 10, 'the card has moved with its dot');
  await page.getByRole('link', { name: 'the gateway' }).waitFor();
  await tileSays(page, '1+ 1 no root');
  assert.equal(await page.evaluate(() => window.__perf.dots()), 2);
  assert.equal(await page.getByRole('row').filter({ hasText: 'the gateway' }).getByText('no root', { exact: true }).count(), 0);
  assert.deepEqual(errors, []);
  await page.close();
});
