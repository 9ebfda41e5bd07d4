// The dashboard and the reference below a path prefix of a reverse proxy, which takes the prefix away or leaves it.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';

import { addressOf, openBrowser, openPage } from '../support/browser.mjs';
import { contractSpan, nowNs } from '../support/generate.mjs';
import { prefixProxy } from '../support/prefixProxy.mjs';
import { post, startTraced } from '../support/traced.mjs';

const PREFIX = '/tools/traced';
const WAYS = {
  'takes the prefix away and says nothing of it': { args: [], strips: true, starts: ['/'] },
  'takes the prefix away and says which it was': { args: ['--trusted-proxy', '127.0.0.1'], strips: true, headers: { 'x-forwarded-prefix': PREFIX }, starts: ['/', ''] },
  'leaves the prefix in the paths': { args: ['--base-path', PREFIX], strips: false, starts: ['/', ''] },
};

let browser;

before(async () => {
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
});

for (const [way, { args, starts, ...proxied }] of Object.entries(WAYS)) {
  test(`all works behind a proxy that ${way}`, async () => {
    const traced = await startTraced({ args });
    const proxy = await prefixProxy(traced.url, PREFIX, proxied);
    const traceId = randomUUID();
    await post(traced.url, [contractSpan({ traceId, service: 'checkout', operation: 'pay', startNs: nowNs() - 60_000_000_000n, durationNs: 5_000_000n })]);
    for (const start of starts) await usesDashboard(proxy, start, traceId.replaceAll('-', ''));
    await usesReference(proxy);
    assert.deepEqual(proxy.strays, []);
    await proxy.close();
    await traced.stop();
  });
}

async function usesDashboard(proxy, start, traceId) {
  const { page, errors } = await openPage(browser.context, proxy.url + start);
  // The worker draws, the stream and the polls bring the trace.
  await page.waitForFunction(() => window.__perf?.dots?.() === 1);
  const link = page.locator(`a[href^="${PREFIX}/trace/"]`).first();
  assert.ok((await link.getAttribute('href')).startsWith(`${PREFIX}/trace/${traceId}`));
  await page.goto(new URL(await link.getAttribute('href'), proxy.url).href);
  // The page of a trace is deeper, and its files are the same.
  await page.getByRole('treegrid').waitFor();
  assert.equal((await addressOf(page)).pathname, `${PREFIX}/trace/${traceId}`);
  const home = page.locator(`a[href^="${PREFIX}/"]:has(img)`).first();
  assert.ok(await home.locator('img').evaluate((image) => image.naturalWidth > 0), 'the icon is there');
  await home.click();
  await page.waitForFunction(() => window.__perf?.dots?.() === 1);
  assert.equal((await addressOf(page)).pathname, `${PREFIX}/`);
  await page.goBack();
  await page.getByRole('treegrid').waitFor();
  assert.deepEqual(errors, []);
  await page.close();
}

async function usesReference(proxy) {
  const { page, errors } = await openPage(browser.context, `${proxy.url}/docs`);
  await page.getByText('/api/v1/traces/points', { exact: true }).waitFor();
  const health = page.locator('[id$="getHealth"]').first();
  await health.getByRole('button').first().click();
  await health.getByRole('button', { name: 'Try it out' }).click();
  await health.getByRole('button', { name: 'Execute' }).click();
  await health.locator('.live-responses-table').getByText('"status": "ok"').waitFor();
  await page.getByRole('link', { name: 'Recent traces' }).click();
  await page.waitForFunction(() => window.__perf?.dots?.() === 1);
  assert.deepEqual(errors, []);
  await page.close();
}
