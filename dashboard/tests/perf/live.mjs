// P7: the page beside a real server that is sent traces all the time. Says how the heap and the long tasks do.
// SECONDS (default 600) and RATE (traces a second, default 200).

import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

import { openBrowser, openPage } from '../support/browser.mjs';
import { openDashboard, startTraced, tracedBinary } from '../support/traced.mjs';

const SECONDS = Number(process.env.SECONDS ?? 600);
const RATE = Number(process.env.RATE ?? 200);
/** The emitter sends up to ten spans at once, and its traces have three and a half. */
const TRACES_A_REQUEST = 2;
const WARM_UP_SECONDS = Math.min(90, SECONDS / 3);
const HEAP_GROWTH_MAX = 20 * 1024 * 1024;
const LONG_TASKS_A_MINUTE_MAX = 1;

const traced = await startTraced({ window: '1m' });
const dashboard = await openDashboard(traced);
const browser = await openBrowser();
const emitter = spawn(tracedBinary(), ['emit', '--target-url', traced.url, '--duration', `${SECONDS + 20}s`, '--workers', '10', '--rate', String(RATE / 10 / TRACES_A_REQUEST), '--verify=false'], { stdio: 'ignore' });
try {
  const { page, errors } = await openPage(browser.context, dashboard.url);
  await page.waitForFunction(() => window.__perf?.dots?.() > 0);
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ startTime, duration }) => [startTime, duration]))).observe({ entryTypes: ['longtask'] });
  });
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize;
  };
  // Time itself is what is measured here.
  await pause(WARM_UP_SECONDS * 1000);
  const before = await heap();
  const tasksBefore = await page.evaluate(() => window.longTasks.length);
  await pause((SECONDS - WARM_UP_SECONDS) * 1000);
  const growth = (await heap()) - before;
  const tasks = await page.evaluate((from) => window.longTasks.slice(from), tasksBefore);
  const perMinute = (tasks.length * 60) / (SECONDS - WARM_UP_SECONDS);
  const passed = growth <= HEAP_GROWTH_MAX && perMinute <= LONG_TASKS_A_MINUTE_MAX && errors.length === 0;
  const numbers = await page.evaluate(() => window.__perf.numbers());
  console.log(JSON.stringify({ check: 'P7 live', passed, seconds: SECONDS, traces: numbers.traces, heapBytes: before, growthBytes: growth, longTasksAMinute: perMinute, longest: Math.max(0, ...tasks.map(([, ms]) => ms)), errors }));
  process.exitCode = passed ? 0 : 1;
} finally {
  emitter.kill();
  await browser.close();
  await dashboard.close();
  await traced.stop();
}
