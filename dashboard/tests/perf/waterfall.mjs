// Checks P5 and P6: the speed of large traces of a real server.

import { Feed } from '../support/otlp.mjs';
import { startTraced } from '../support/traced.mjs';
import { frameStats } from './statistics.mjs';

const CLOSE_MS_MAX = 100;
const FIND_MS_MAX = 200;
const SCROLL_FRAMES = 300;

export async function openLargeTrace(checks, context, count, targetMs) {
  const traced = await startTraced({ window: '30m' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  try {
    await new Feed(traced.url).largeTrace(count);
    await page.goto(traced.url);
    await page.locator('#traces a').first().waitFor();
    const rowsMs = await page.evaluate(openFirst);
    const modelMs = await page.evaluate(() => window.__perf.marks.findLast((mark) => mark.name === 'trace-model').ms);
    checks.record(`P5 open a trace of ${count} spans`, { rowsMs, modelMs }, rowsMs < targetMs);
    if (count >= 100_000) await scrollAndFind(checks, page);
  } finally {
    await page.close();
    await traced.stop();
  }
}

/** Measures from the click on a trace to the frame after its rows have been scrolled. */
function openFirst() {
  return new Promise((resolve) => {
    const began = performance.now();
    document.querySelector('#traces a').click();
    const look = () => {
      const grid = document.querySelector('[role=treegrid]');
      if (!grid?.querySelector('[data-row]')) return requestAnimationFrame(look);
      grid.scrollTop = 48;
      return requestAnimationFrame(() => resolve(grid.scrollTop === 48 ? performance.now() - began : NaN));
    };
    look();
  });
}

async function scrollAndFind(checks, page) {
  await page.locator('[data-row="0"]').focus();
  await page.keyboard.press(']');
  await page.waitForFunction(() => window.__perf.rows() > 90_000);
  const frames = frameStats(await page.evaluate(scroll, SCROLL_FRAMES));
  checks.record('P6 scroll 100,000 spans', frames, frames.p95Ms <= 34);
  const closeMs = await page.evaluate(closeAll);
  checks.record('P6 close all', { closeMs }, closeMs <= CLOSE_MS_MAX);
  await page.getByTestId('find').fill('charge');
  await page.waitForFunction(() => window.__perf.marks.some((mark) => mark.name === 'find'));
  const findMs = await page.evaluate(() => window.__perf.marks.findLast((mark) => mark.name === 'find').ms);
  checks.record('P6 find in names', { findMs }, findMs <= FIND_MS_MAX);
}

/** Turns the wheel as a browser reports it: 66 pixels in each frame. */
function scroll(frames) {
  return new Promise((resolve) => {
    const grid = document.querySelector('[role=treegrid]');
    const deltas = [];
    let before = 0;
    const step = (at) => {
      if (before > 0) deltas.push(at - before);
      before = at;
      grid.scrollTop += 66;
      if (deltas.length < frames) requestAnimationFrame(step);
      else resolve(deltas);
    };
    requestAnimationFrame(step);
  });
}

function closeAll() {
  return new Promise((resolve) => {
    const began = performance.now();
    dispatchEvent(new KeyboardEvent('keydown', { key: '[', bubbles: true }));
    const look = () => (window.__perf.rows() < 100 ? requestAnimationFrame(() => resolve(performance.now() - began)) : requestAnimationFrame(look));
    look();
  });
}
