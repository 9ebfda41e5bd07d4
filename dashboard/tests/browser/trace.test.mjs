// A trace of a real server: checks A4, A8 and A9 of the specification. Also runs against a server with only the contract.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { addressOf, openBrowser, openPage } from '../support/browser.mjs';
import { contractSpan, nowNs } from '../support/generate.mjs';
import { openDashboard, post, startTraced } from '../support/traced.mjs';

const MS = 1_000_000n;
const digits = (uuid) => uuid.replaceAll('-', '');
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

async function openTrace(traceId, query = '') {
  const opened = await openPage(browser.context, `${dashboard.url}/trace/${digits(traceId)}${query}`);
  await opened.page.getByRole('treegrid').waitFor();
  return opened;
}

const rowCount = async (page) => Number(await page.getByRole('treegrid').getAttribute('aria-rowcount')) - 1;
const rows = (page) => page.locator('[data-row]').evaluateAll((all) => all.map((row) => ({ level: Number(row.ariaLevel), text: row.textContent })));

/** A root and the spans that `make` returns for it. */
async function send(make) {
  const traceId = randomUUID();
  const root = contractSpan({ traceId, operation: 'root', startNs: nowNs() - 2000n * MS, durationNs: 1000n * MS });
  const child = (more) => contractSpan({ traceId, parent: root.span_id, startNs: BigInt(root.start_time) + MS, durationNs: MS, ...more });
  await post(traced.url, [root, ...make(child, root)]);
  return { traceId, root, child };
}

test('A9: twenty levels are nested, and the keyboard closes and opens them', async () => {
  const { traceId } = await send((child, root) => {
    let parent = root.span_id;
    return Array.from({ length: 19 }, (_, at) => {
      const span = child({ parent, operation: `level ${at + 2}` });
      parent = span.span_id;
      return span;
    });
  });
  const { page, errors } = await openTrace(traceId);
  assert.deepEqual((await rows(page)).map((row) => row.level), Array.from({ length: 20 }, (_, at) => at + 1));
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await rowCount(page), 2);
  await page.keyboard.press('ArrowRight');
  assert.equal(await rowCount(page), 20);
  await page.keyboard.press('End');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.row), '19');
  await page.keyboard.press('3');
  assert.equal(await rowCount(page), 3);
  assert.deepEqual(errors, []);
  await page.close();
});

test('A9: five thousand children can be scrolled through, and only rows in sight exist', async () => {
  const { traceId } = await send((child) => Array.from({ length: 5000 }, (_, at) => child({ operation: `call ${at % 7}`, startNs: nowNs() - 1900n * MS + BigInt(at) * 1000n, durationNs: 500n })));
  const { page } = await openTrace(traceId);
  assert.equal(await rowCount(page), 5001);
  assert.ok((await page.locator('[data-row]').count()) < 120);
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.press('End');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.row), '5000');
  await page.close();
});

test('A9: a run of equal queries is folded into one line until it is opened', async () => {
  const { traceId } = await send((child) => Array.from({ length: 240 }, (_, at) => child({ operation: 'SELECT users', startNs: nowNs() - 1900n * MS + BigInt(at) * MS })));
  const { page } = await openTrace(traceId);
  assert.equal(await rowCount(page), 2);
  await page.getByText('× 240').click();
  assert.equal(await rowCount(page), 242);
  await page.getByRole('button', { name: 'Fold 1 run' }).click();
  assert.equal(await rowCount(page), 241);
  await page.close();
});

test('A9: missing parents, cycles, several roots and early children are shown and named', async () => {
  const missing = randomUUID();
  const { traceId } = await send((child, root) => {
    const [a, b] = [randomUUID(), randomUUID()];
    return [
      child({ parent: missing, operation: 'orphan' }),
      child({ parent: missing, operation: 'its sibling' }),
      child({ spanId: a, parent: b, operation: 'cycle' }),
      child({ spanId: b, parent: a, operation: 'cycle too' }),
      child({ parent: undefined, operation: 'second root' }),
      child({ operation: 'early', startNs: BigInt(root.start_time) - 3n * MS }),
      child({ operation: 'instant', durationNs: 0n }),
      child({ operation: 'tiny', durationNs: 7n }),
    ];
  });
  const { page } = await openTrace(traceId);
  assert.equal(await rowCount(page), 10);
  const text = (await rows(page)).map((row) => row.text).join('\n');
  for (const part of [`missing span ${digits(missing)}`, 'its parents form a cycle', 'starts 3 ms before its parent', '0 ns', '7 ns']) assert.ok(text.includes(part), `${part} in ${text}`);
  const placed = (await rows(page)).map((row) => `${row.level}${/missing span|orphan|its sibling/.exec(row.text)?.[0] ?? ''}`).join(' ');
  assert.match(placed, /1missing span 2orphan 2its sibling|1missing span 2its sibling 2orphan/);
  for (const badge of ['2 roots', 'incomplete: 1 parent missing', '1 cycle of parents']) await page.getByText(badge).waitFor();
  await page.close();
});

test('A9: names are shown as plain text, and long values do not break the page', async () => {
  const evil = '<img src=x onerror=alert(1)> "\'&';
  const { traceId } = await send((child) => [child({ service: '日本語 🦀', operation: evil, tags: { [evil]: 'x'.repeat(1000), 'ключ': 'значение' } })]);
  const { page, errors } = await openTrace(traceId);
  await page.getByText(evil).click();
  const detail = page.getByTestId('detail');
  await detail.getByText('значение').waitFor();
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  assert.deepEqual(errors, []);
  await page.close();
});

test('the search finds names and attributes, and shows only matches on demand', async () => {
  const { traceId } = await send((child) => [child({ operation: 'alpha' }), child({ operation: 'beta', tags: { customer: 'ALPHA corp' } }), child({ operation: 'gamma' })]);
  const { page } = await openTrace(traceId);
  await page.keyboard.press('/');
  await page.keyboard.type('alpha');
  await page.getByTestId('found').filter({ hasText: /^2$/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('found').filter({ hasText: '1/2' }).waitFor();
  await page.getByRole('button', { name: 'Only matches' }).click();
  assert.equal(await rowCount(page), 3);
  assert.equal((await addressOf(page)).searchParams.get('find'), 'alpha');
  await page.close();
});

test('the export is OTLP with every span', async () => {
  const { traceId } = await send((child) => [child({ operation: 'a', tags: { k: 'v' } }), child({ operation: 'b', status: 'error' })]);
  const { page } = await openTrace(traceId);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'OTLP' }).click()]);
  const { resourceSpans } = JSON.parse(await readFile(await download.path(), 'utf8'));
  const spans = resourceSpans.flatMap((resource) => resource.scopeSpans).flatMap((scope) => scope.spans);
  assert.deepEqual(spans.map((span) => span.name).sort(), ['a', 'b', 'root']);
  assert.ok(spans.every((span) => span.traceId === digits(traceId) && /^\d{19}$/.test(span.startTimeUnixNano)));
  await page.close();
});

test('A8: a badge offers late spans, and taking them keeps the selection', async () => {
  const { traceId, child } = await send((make) => [make({ operation: 'first' })]);
  const { page, errors } = await openTrace(traceId);
  await page.getByText('first').click();
  await page.getByTestId('detail').waitFor();
  await post(traced.url, [child({ operation: 'late' })]);
  await page.getByRole('button', { name: '1 new span' }).click();
  await page.getByText('late').waitFor();
  assert.equal(await page.locator('[aria-selected="true"]').textContent().then((text) => text.includes('first')), true);
  assert.deepEqual(errors, []);
  await page.close();
});

test('A8: a child without its root is shown, and moves below the root when that arrives', async () => {
  const traceId = randomUUID();
  const root = contractSpan({ traceId, operation: 'the root', startNs: nowNs() - 500n * MS, durationNs: 100n * MS });
  await post(traced.url, [contractSpan({ traceId, parent: root.span_id, operation: 'the child', startNs: nowNs() - 450n * MS, durationNs: MS })]);
  const { page, errors } = await openTrace(traceId);
  await page.getByText('no root', { exact: true }).waitFor();
  await page.getByText('incomplete: 1 parent missing').waitFor();
  await post(traced.url, [root]);
  await page.getByRole('button', { name: '1 new span' }).click();
  await page.getByText('no root', { exact: true }).waitFor({ state: 'hidden' });
  assert.deepEqual((await rows(page)).map((row) => row.level), [1, 2]);
  assert.deepEqual(errors, []);
  await page.close();
});

test('A8: the page of an unknown trace says so, and lists recent traces', async () => {
  const { page } = await openPage(browser.context, `${dashboard.url}/trace/${'ab'.repeat(16)}`);
  await page.getByText('This trace was not found').waitFor();
  await page.getByRole('heading', { name: 'Recent traces' }).waitFor();
  await page.close();
});

test('A8: when the server goes down the traces stay, and the page reconnects when it is back', async () => {
  const own = await startTraced();
  const { host } = new URL(own.url);
  const front = await openDashboard(own);
  await post(own.url, [contractSpan({ traceId: randomUUID(), startNs: nowNs(), durationNs: MS })]);
  const { page, errors } = await openPage(browser.context, front.url);
  await page.waitForFunction(() => window.__perf?.dots?.() === 1);
  await own.stop();
  await page.getByTestId('failure').waitFor();
  assert.equal(await page.evaluate(() => window.__perf.dots()), 1);
  const back = await startTraced({ listen: host });
  await page.getByRole('button', { name: 'Retry now' }).click();
  // With only the contract a restart looks like traces that have left the window.
  await page.getByText(process.env.CONTRACT_ONLY ? 'Nothing in the last' : 'Waiting for the first trace').waitFor();
  assert.deepEqual(errors, []);
  await page.close();
  await front.close();
  await back.stop();
});
