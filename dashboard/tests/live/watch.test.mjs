// Watches the page for three minutes while the emitter sends to a server with a window of two: dots appear within a second
// after they were sent and leave when they expire, nothing flickers, the heap does not grow, and there are no errors.
// SECONDS makes it shorter.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';

import { save } from '../support/acceptance.mjs';
import { openBrowser, openPage } from '../support/browser.mjs';
import { recordingProxy } from '../support/recordingProxy.mjs';
import { startTraced, tracedBinary } from '../support/traced.mjs';
import { quantile } from '../perf/statistics.mjs';
import { startWatching } from './watcher.mjs';

/** Limit: after one and a half windows traces have arrived and left. */
const SECONDS = Math.min(180, Number(process.env.SECONDS ?? 180));
const WINDOW_MINUTES = 2;
const WINDOW_MS = WINDOW_MINUTES * 60_000;
/** From then on as many traces leave as arrive. */
const STEADY_SECONDS = Math.min(WINDOW_MS / 1000 + 10, SECONDS * 0.7);
const SHOWN_WITHIN_MS = 1000;
/** The server announces expired traces every half second, and the page draws a little later. */
const GONE_WITHIN_MS = 2000;
const HEAP_GROWTH_MAX = 8 * 1024 * 1024;
/** A frame whose colour drops by so much is a flicker. */
const COLOUR_KEPT_MIN = 0.75;
const COLOURED_MIN = 40;

const notes = { frames: [], came: new Map(), left: new Map(), polls: [], inFlightMost: 0, heap: [] };
let roots;
let errors;
let endedAt;

before(async () => {
  const traced = await startTraced({ window: null, env: { WINDOW_MINUTES: String(WINDOW_MINUTES) } });
  const proxy = await recordingProxy(traced.url);
  const browser = await openBrowser();
  const opened = await openPage(browser.context, traced.url);
  await opened.page.getByText('Waiting for the first trace').waitFor();
  const emitter = spawn(tracedBinary(), ['emit', '--target-url', proxy.url, '--duration', `${SECONDS}s`, '--seed', '11', '--verify=false'], { stdio: 'ignore' });
  const emitted = once(emitter, 'exit');
  try {
    ({ errors } = opened);
    await watch(opened.page);
  } finally {
    emitter.kill();
    await emitted;
    await browser.close();
    await proxy.close();
    await traced.stop();
  }
  ({ roots } = proxy);
});

async function watch(page) {
  followPolls(page);
  await page.waitForFunction(() => window.__perf.dots() > 0);
  await page.evaluate(startWatching);
  const session = await page.context().newCDPSession(page);
  const endAt = Date.now() + SECONDS * 1000 - 2000;
  const steadyAt = Date.now() + STEADY_SECONDS * 1000;
  while (Date.now() < endAt) {
    // The test watches for a fixed time.
    await page.waitForTimeout(1000);
    await fetchNotes(page);
    if (notes.heap.length === 0 && Date.now() >= steadyAt) notes.heap.push(await heapBytes(session));
  }
  endedAt = Date.now();
  notes.heap.push(await heapBytes(session));
}

function followPolls(page) {
  const isPoll = (request) => request.url().includes('/traces/points?');
  let inFlight = 0;
  page.on('request', (request) => {
    if (!isPoll(request)) return;
    notes.polls.push(Date.now());
    inFlight += 1;
    notes.inFlightMost = Math.max(notes.inFlightMost, inFlight);
  });
  page.on('requestfinished', (request) => { if (isPoll(request)) inFlight -= 1; });
}

async function fetchNotes(page) {
  const { frames, came, left } = await page.evaluate(() => window.fetchNotes());
  notes.frames.push(...frames);
  for (const [id, at] of came) notes.came.set(id, at);
  for (const [id, at] of left) notes.left.set(id, at);
}

async function heapBytes(session) {
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

const results = [];
after(() => save('watch', { seconds: SECONDS, windowMinutes: WINDOW_MINUTES, traces: notes.came.size, frames: notes.frames.length, results }));

function check(name, numbers, assertion) {
  test(name, () => {
    const said = numbers();
    const result = { check: name, passed: false, ...said };
    results.push(result);
    assertion(said);
    result.passed = true;
  });
}

check('each dot appears within a second after its trace was sent', () => {
  // Traces from before the watch, or sent at its end, were not seen to arrive.
  const began = notes.frames[0][0];
  const waits = [...roots].filter(([, { sentAt }]) => sentAt > began && sentAt < endedAt - 2 * SHOWN_WITHIN_MS).map(([id, { sentAt }]) => (notes.came.get(id) ?? Infinity) - sentAt);
  return { dots: waits.length, never: waits.filter((wait) => wait === Infinity).length, medianMs: quantile(waits, 0.5), p99Ms: quantile(waits, 0.99), mostMs: Math.max(...waits) };
}, ({ dots, never, mostMs }) => {
  assert.ok(dots > 10 * SECONDS, `${dots} dots`);
  assert.equal(never, 0);
  assert.ok(mostMs <= SHOWN_WITHIN_MS, `${mostMs} ms`);
});

check('traces leave when they expire, and no others leave', () => {
  const late = [...notes.came.keys()].filter((id) => (notes.left.get(id) ?? endedAt) > roots.get(id).startMs + WINDOW_MS + GONE_WITHIN_MS);
  const early = [...notes.left].filter(([id, at]) => at < roots.get(id).startMs + WINDOW_MS);
  return { left: notes.left.size, late: late.length, early: early.length };
}, ({ left, late, early }) => {
  if (SECONDS * 1000 > WINDOW_MS + 10_000) assert.ok(left > 0);
  assert.deepEqual([late, early], [0, 0]);
});

check('no frame is blank, and the number of dots changes only when traces arrive or expire', () => {
  const starts = [...roots.values()].map(({ startMs }) => startMs + WINDOW_MS).sort((a, b) => a - b);
  const expired = (from, to) => starts.filter((at) => at >= from && at < to).length;
  const problems = [];
  notes.frames.slice(1).forEach(([at, dots, coloured], index) => {
    const [beforeAt, dotsBefore, colouredBefore] = notes.frames[index];
    if (dots === 0 || coloured === 0) problems.push(`blank at ${at}`);
    if (colouredBefore > COLOURED_MIN && coloured < colouredBefore * COLOUR_KEPT_MIN) problems.push(`colour ${colouredBefore} to ${coloured} at ${at}`);
    const drop = dotsBefore - dots;
    if (drop > 0 && drop > expired(beforeAt - GONE_WITHIN_MS, at + SHOWN_WITHIN_MS)) problems.push(`${drop} dots fewer at ${at}`);
  });
  const gaps = notes.frames.slice(1).map(([at], index) => at - notes.frames[index][0]);
  return { frames: notes.frames.length, longestFrameMs: Math.max(...gaps), dotsAtTheEnd: notes.frames.at(-1)[1], problems: problems.slice(0, 5) };
}, ({ problems }) => assert.deepEqual(problems, []));

check('the page polls every three seconds, one poll at a time', () => {
  const gaps = notes.polls.slice(1).map((at, index) => at - notes.polls[index]);
  return { polls: notes.polls.length, leastMs: Math.min(...gaps), mostMs: Math.max(...gaps), inFlightMost: notes.inFlightMost };
}, ({ leastMs, mostMs, inFlightMost }) => {
  assert.ok(leastMs >= 2500 && mostMs <= 3500, `${leastMs} to ${mostMs} ms`);
  assert.equal(inFlightMost, 1);
});

check('the heap does not grow', () => ({ heapBytes: notes.heap[0], growthBytes: notes.heap[1] - notes.heap[0] }), ({ growthBytes }) => {
  assert.ok(growthBytes <= HEAP_GROWTH_MAX, `${growthBytes} bytes`);
});

check('there are no errors', () => ({ errors }), ({ errors: said }) => assert.deepEqual(said, []));
