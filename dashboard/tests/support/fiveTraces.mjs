// A real server with five traces, one of which has an error, and its overview in a browser.

import { randomUUID } from 'node:crypto';

import { openBrowser, openPage } from './browser.mjs';
import { contractSpan, nowNs } from './generate.mjs';
import { openDashboard, post, startTraced } from './traced.mjs';

const MS = 1_000_000n;

/** The traces start one minute ago and every 90 s before that; their durations are 3 ms times a power of ten. */
export async function startFiveTraces() {
  const traced = await startTraced();
  const dashboard = await openDashboard(traced);
  const browser = await openBrowser();
  const now = nowNs();
  const traces = Array.from({ length: 5 }, (_, at) => traceOf(at, now - BigInt(60 + at * 90) * 1000n * MS));
  await post(traced.url, traces.flatMap((trace) => trace.spans));
  /** Opens the overview and waits until it has drawn so many dots. */
  const openExplore = async (query = '', dots = 5) => {
    const opened = await openPage(browser.context, `${dashboard.url}/${query}`);
    await opened.page.waitForFunction((count) => window.__perf?.dots?.() === count, dots);
    return opened;
  };
  const close = async () => {
    await browser.close();
    await dashboard.close();
    await traced.stop();
  };
  return { traced, dashboard, browser, traces, openExplore, close };
}

function traceOf(at, startNs) {
  const traceId = randomUUID();
  const service = ['checkout', 'search'][at % 2];
  const root = contractSpan({ traceId, service, operation: `op ${at}`, startNs, durationNs: BigInt(10 ** (at % 4)) * 3n * MS, status: at === 2 ? 'error' : 'ok' });
  const child = contractSpan({ traceId, parent: root.span_id, service: 'db', operation: 'SELECT', startNs: startNs + MS, durationNs: MS });
  return { traceId, root, spans: [root, child] };
}

export const positionsOf = (page) => page.evaluate(() => window.__perf.dotPositions(100));
export const viewOf = (page) => page.evaluate(() => window.__perf.view());

/** The point of the page at which a dot is drawn. */
export async function pointOf(page, { x, y }) {
  const box = await page.getByRole('application').boundingBox();
  const { left, top } = await viewOf(page);
  return [box.x + left + x, box.y + top + y];
}
