// Check P7: the page with a real server that holds 100,000 traces, while as many arrive as leave. Measures the heap and long
// tasks. SECONDS (default 600), RATE (traces a second, default 200).

import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

import { Checks } from '../support/acceptance.mjs';
import { openBrowser, openPage } from '../support/browser.mjs';
import { Feed } from '../support/otlp.mjs';
import { startTraced, tracedBinary } from '../support/traced.mjs';
import { calibrate } from '../perf/calibration.mjs';

const SECONDS = Number(process.env.SECONDS ?? 600);
const RATE = Number(process.env.RATE ?? 200);
const TRACES = 100_000;
const WINDOW_SECONDS = Math.round(TRACES / RATE);
/** The emitter sends up to ten spans at once, and its traces have three and a half spans on average. */
const TRACES_A_REQUEST = 2;
const WORKERS = 10;
const WARM_UP_SECONDS = Math.min(90, SECONDS / 3);
const HEAP_GROWTH_MAX = 20 * 1024 * 1024;
const LONG_TASKS_A_MINUTE_MAX = 1;
/** Limit: a few of them show what is wrong. */
const TASKS_SAID_MAX = 20;

const checks = new Checks('live');
const browser = await openBrowser();
const calibration = await calibrate(browser.context).catch((error) => browser.close().then(() => { throw error; }));
const traced = await startTraced({ window: `${WINDOW_SECONDS}s` });
const emitter = spawn(tracedBinary(), ['emit', '--target-url', traced.url, '--duration', `${SECONDS + 20}s`, '--workers', String(WORKERS), '--rate', String(RATE / WORKERS / TRACES_A_REQUEST), '--verify=false'], { stdio: 'ignore' });
try {
  // A trace at the very edge of the window would expire before it arrives.
  await new Feed(traced.url).traces(TRACES, (WINDOW_SECONDS - 5) * 1000);
  const { page, errors } = await openPage(browser.context, traced.url);
  await page.waitForFunction(() => window.__perf?.dots?.() > 0);
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ startTime, duration }) => [Math.round(startTime), Math.round(duration)]))).observe({ entryTypes: ['longtask'] });
  });
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize;
  };
  // The test measures over a fixed time.
  await pause(WARM_UP_SECONDS * 1000);
  const before = await heap();
  // The forced garbage collection is a long task itself, which the page learns of only later.
  const since = await page.evaluate(() => performance.now());
  await pause((SECONDS - WARM_UP_SECONDS) * 1000);
  const tasks = await page.evaluate((from) => window.longTasks.filter(([startTime]) => startTime >= from), since);
  const growthBytes = (await heap()) - before;
  const longTasksAMinute = (tasks.length * 60) / (SECONDS - WARM_UP_SECONDS);
  const { traces } = await page.evaluate(() => window.__perf.numbers());
  const isWithin = growthBytes <= HEAP_GROWTH_MAX && longTasksAMinute <= LONG_TASKS_A_MINUTE_MAX && errors.length === 0;
  checks.record('P7 live', { seconds: SECONDS, traces, heapBytes: before, growthBytes, longTasksAMinute, longestTask: Math.max(0, ...tasks.map(([, ms]) => ms)), tasks: tasks.slice(0, TASKS_SAID_MAX), errors }, isWithin);
  checks.save({ calibration });
} finally {
  emitter.kill();
  await browser.close();
  await traced.stop();
}
