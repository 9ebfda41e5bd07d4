// Takes the pictures of the README: a real server with a minute of traces from the emitter, whose seed is fixed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { openBrowser, openPage } from '../support/browser.mjs';
import { startTraced, tracedBinary } from '../support/traced.mjs';

const folder = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const traced = await startTraced({ window: '2m' });
const emitter = spawn(tracedBinary(), ['emit', '--target-url', traced.url, '--duration', '75s', '--workers', '2', '--rate', '4', '--seed', '7', '--verify=false'], { stdio: 'ignore' });
await once(emitter, 'exit');
const browser = await openBrowser();
const { page } = await openPage(browser.context, traced.url);
await page.waitForFunction(() => window.__perf?.dots?.() > 300);
await page.waitForFunction(() => window.__perf.numbers() !== null);
await page.screenshot({ path: `${folder}explore.png` });

const { traces } = await (await fetch(`${traced.url}/traces?limit=1000`)).json();
const shown = traces.find((trace) => trace.span_count === 5 && trace.status === 'error');
await page.goto(`${traced.url}/trace/${shown.trace_id.replaceAll('-', '')}`);
await page.getByRole('treegrid').waitFor();
await page.locator('[data-row]').nth(1).click();
await page.getByTestId('detail').waitFor();
await page.evaluate(() => window.__perf.frames(20));
await page.screenshot({ path: `${folder}trace.png` });
await browser.close();
await traced.stop();
