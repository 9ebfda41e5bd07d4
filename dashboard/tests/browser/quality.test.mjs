// Checks every screen: accessibility in both themes, the content security policy, no other hosts, no page wider than the screen.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { addressOf, openBrowser, openPage } from '../support/browser.mjs';
import { contractSpan, nowNs } from '../support/generate.mjs';
import { openDashboard, post, startTraced } from '../support/traced.mjs';

const MS = 1_000_000n;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const SIZES = [[1280, 800], [390, 844], [640, 400]];
let [traced, empty, dashboard, emptyDashboard, browser, traceId] = [];

before(async () => {
  [traced, empty] = [await startTraced(), await startTraced()];
  [dashboard, emptyDashboard] = [await openDashboard(traced), await openDashboard(empty)];
  // The policy applies to the page, not to scripts that a test injects.
  browser = await openBrowser();
  const traces = Array.from({ length: 60 }, (_, at) => {
    traceId = randomUUID();
    const startNs = nowNs() - BigInt(at * 5 + 3) * 1000n * MS;
    const root = contractSpan({ traceId, service: ['checkout', 'search', 'cart'][at % 3], operation: `POST /orders/${at}`, startNs, durationNs: BigInt(1 + (at % 17) ** 2) * 3n * MS, status: at % 9 === 0 ? 'error' : 'ok' });
    const child = (more) => contractSpan({ traceId, parent: root.span_id, startNs: startNs + MS, durationNs: MS, ...more });
    const calls = Array.from({ length: 12 }, () => child({ service: 'db', operation: 'SELECT stock' }));
    return [root, child({ service: 'payment', operation: 'charge', status: 'error', tags: { region: 'eu', card: 'visa' } }), child({ parent: randomUUID(), operation: 'orphan' }), ...calls];
  });
  await post(traced.url, traces.flat());
});

after(async () => {
  await browser?.close();
  for (const server of [dashboard, emptyDashboard]) await server?.close();
  for (const server of [traced, empty]) await server?.stop();
});

const dots = (page) => page.waitForFunction(() => window.__perf?.dots?.() > 0);
const grid = (page) => page.getByRole('treegrid').waitFor();
const detail = async (page) => {
  await grid(page);
  await page.getByText('charge', { exact: true }).click();
  await page.getByTestId('detail').getByText('region').waitFor();
};

/** Every screen and state: its address, and what to do or wait for there. */
const screens = () => {
  const trace = `/trace/${traceId.replaceAll('-', '')}`;
  return {
    overview: ['/', dots],
    'overview with errors only and linear': ['/?f=error&y=lin', dots],
    'overview paused with a box': [`/?live=0&sel=${Date.now() - 200_000},${Date.now()},0,900000000`, dots],
    'nothing matches': ['/?from=1000&to=2000', (page) => page.getByText('No trace matches').waitFor()],
    'odd address': ['/?f=maybe&later=1', (page) => page.getByText('has an invalid value').waitFor()],
    help: ['/', async (page) => { await dots(page); await page.keyboard.press('?'); await page.getByRole('dialog').waitFor(); }],
    trace: [trace, grid],
    'trace with details': [trace, detail],
    'trace with a menu': [trace, async (page) => { await grid(page); await page.getByRole('button', { name: /^Services/ }).click(); await page.getByRole('button', { name: 'db 12' }).waitFor(); }],
    'trace with hidden services': [`${trace}?prune=db`, async (page) => { await grid(page); await page.getByText('12 spans hidden', { exact: false }).first().waitFor(); }],
    'trace with matches': [`${trace}?find=SELECT`, async (page) => { await grid(page); await page.getByTestId('found').filter({ hasText: '12' }).waitFor(); }],
    'trace beside the overview': [`/?trace=${traceId.replaceAll('-', '')}`, async (page) => { await dots(page); await detail(page); }],
    'durations beyond the shown ones': ['/?ymin=30000000&ymax=100000000&p95=1', dots],
    'trace that is gone': [`/trace/${'ab'.repeat(16)}`, (page) => page.getByText('This trace was not found').waitFor()],
    waiting: [`${emptyDashboard.url}/`, (page) => page.getByText('Waiting for the first trace').waitFor()],
    'wrong server': ['/', async (page) => { await dots(page); await page.getByLabel('Address of the server').fill('127.0.0.1:9'); await page.keyboard.press('Enter'); await page.getByTestId('failure').waitFor(); }],
  };
};

async function visit(name, theme, size = SIZES[0]) {
  const [address, ready] = screens()[name];
  const url = new URL(address, dashboard.url);
  url.searchParams.set('theme', theme);
  const opened = await openPage(browser.context, 'about:blank');
  const hosts = new Set();
  opened.page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await opened.page.setViewportSize({ width: size[0], height: size[1] });
  await opened.page.goto(url.href);
  await ready(opened.page);
  return { ...opened, hosts };
}

const NAMES = ['overview', 'overview with errors only and linear', 'overview paused with a box', 'nothing matches', 'odd address', 'help', 'trace', 'trace with details', 'trace with a menu', 'trace with hidden services', 'trace with matches', 'trace beside the overview', 'durations beyond the shown ones', 'trace that is gone', 'waiting', 'wrong server'];

for (const theme of ['light', 'dark']) {
  for (const name of NAMES) {
    test(`axe finds no violation, and the page keeps to its policy: ${name}, ${theme}`, async () => {
      const { page, errors, hosts } = await visit(name, theme);
      await page.evaluate(AXE);
      const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags } }), RULES);
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 120) + ' ' + (node.any[0]?.message ?? '')).join(' | ')}`), []);
      assert.deepEqual(errors.filter((error) => error.startsWith('policy') || !/Failed to fetch|ERR_/.test(error)), []);
      const own = new Set([new URL(dashboard.url).host, new URL(emptyDashboard.url).host, '127.0.0.1:9']);
      assert.deepEqual([...hosts].filter((host) => !own.has(host)), []);
      await page.close();
    });
  }
}

for (const [width, height] of SIZES) {
  test(`S2: no screen is wider than ${width} by ${height}`, async () => {
    for (const name of NAMES) {
      const { page } = await visit(name, 'light', [width, height]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
      await page.close();
    }
  });
}

test('the dialog keeps the focus inside and gives it back', async () => {
  const { page } = await visit('overview', 'light');
  const button = page.getByRole('button', { name: 'Keys and help (?)' });
  await button.click();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.equal(await button.evaluate((element) => element === document.activeElement), true);
  await page.close();
});

test('single-key shortcuts can be turned off', async () => {
  const { page } = await visit('help', 'light');
  await page.getByLabel('Enable single-key shortcuts').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('3');
  assert.equal((await addressOf(page)).searchParams.get('f'), null);
  await page.evaluate(() => localStorage.clear());
  await page.close();
});
