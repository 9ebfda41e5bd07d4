// The range of the overview: the strip, the range before, sliding, durations beyond the axis, and an empty server. Also runs
// against a server with only the contract.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import { openPage } from '../support/browser.mjs';
import { startFiveTraces, viewOf } from '../support/fiveTraces.mjs';
import { contractSpan, nowNs } from '../support/generate.mjs';
import { openDashboard, post, startTraced } from '../support/traced.mjs';

const MS = 1_000_000n;
let browser;
let openExplore;
let close;

before(async () => {
  ({ browser, openExplore, close } = await startFiveTraces());
});
after(() => close?.());

test('the strip shows the whole window, and a drag or a key on it chooses the range of the chart', async () => {
  const { page, errors } = await openExplore();
  const strip = page.getByRole('group', { name: 'The whole window' });
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=strip] path')[0]?.getAttribute('d') !== '');
  const columns = (index) => page.getByTestId('strip').locator('path').nth(index).getAttribute('d').then((path) => path.split('M').length - 1);
  assert.deepEqual([await columns(0), await columns(1)], [5, 1]);
  const box = await strip.boundingBox();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + 12, { steps: 4 });
  await page.mouse.up();
  const { fromMs, toMs } = await viewOf(page);
  assert.ok(Math.abs(toMs - fromMs - 150_000) < 2000, `${toMs - fromMs} ms`);
  assert.equal((await page.evaluate(() => window.__perf.state())).live, false);
  await strip.getByRole('slider', { name: 'Shown from' }).press('ArrowLeft');
  await page.waitForFunction((earlier) => window.__perf.view().fromMs < earlier - 10_000, fromMs);
  await page.mouse.dblclick(box.x + 20, box.y + 10);
  await page.waitForFunction(() => window.__perf.state().live && location.search === '');
  assert.deepEqual(errors, []);
  await page.close();
});

test('the tiles show how the numbers differ from the range before', { skip: Boolean(process.env.CONTRACT_ONLY) }, async () => {
  const { page } = await openExplore('?last=4m', 2);
  // Two traces in the last four minutes, three in the four minutes before.
  await page.getByTestId('stats').getByText('33 % less than in the previous range').first().waitFor({ state: 'attached' });
  await page.getByLabel('Time range').selectOption({ label: 'Whole window' });
  await page.getByText('than in the previous range').first().waitFor({ state: 'detached' });
  await page.close();
});

test('traces that slide out of the range leave the table, even while no trace arrives', async () => {
  const own = await startTraced();
  const front = await openDashboard(own);
  await post(own.url, [contractSpan({ traceId: randomUUID(), startNs: nowNs(), durationNs: MS })]);
  const { page } = await openPage(browser.context, `${front.url}/?last=8s`);
  const count = page.getByTestId('table-count');
  await count.filter({ hasText: /^1$/ }).waitFor();
  await count.filter({ hasText: /^0$/ }).waitFor({ timeout: 15_000 });
  await page.getByText('No trace matches').waitFor();
  await page.close();
  await front.close();
  await own.stop();
});

test('a row says how many traces lie beyond the shown durations', async () => {
  const { page } = await openExplore('?ymin=10000000&ymax=1000000000', 2);
  await page.getByTestId('chart-notes').filter({ hasText: '1 above and 2 below' }).waitFor();
  assert.equal(await page.getByTestId('table-count').textContent(), '2');
  await page.getByRole('button', { name: 'Show all durations' }).click();
  await page.waitForFunction(() => window.__perf.dots() === 5);
  await page.close();
});

test('the command that an empty server suggests makes a first dot', async () => {
  const own = await startTraced();
  const front = await openDashboard(own);
  const { page, errors } = await openPage(browser.context, front.url);
  await page.getByText('Waiting for the first trace').waitFor();
  if (!process.env.CONTRACT_ONLY) await page.getByRole('radio', { name: 'curl' }).click();
  const command = await page.locator('pre').textContent();
  const [, url, body] = /^curl (\S+) -H 'content-type: application\/json' -d '(.*)'$/.exec(command);
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  assert.ok(reply.ok, await reply.text());
  await page.waitForFunction(() => window.__perf.dots() === 1);
  assert.deepEqual(errors, []);
  await page.close();
  await front.close();
  await own.stop();
});
