// Takes pictures of the main screens in both themes, into results/, for people to look at.

import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { openBrowser, openPage } from '../support/browser.mjs';
import { addLargeTrace, fillModel, randomFrom } from '../support/generate.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

const folder = fileURLToPath(new URL('../../results/', import.meta.url));
mkdirSync(folder, { recursive: true });

const model = new Model();
fillModel(model, 20_000, 5);
const large = addLargeTrace(model, 4000);
const shop = addShop(model);
const server = await serveDashboard(model.handler());
const browser = await openBrowser();

const SCREENS = {
  explore: ['/', (page) => page.waitForFunction(() => window.__perf?.dots?.() > 10_000)],
  hover: ['/', hoverError],
  trace: [`/trace/${shop}`, openDetail],
  large: [`/trace/${large}?find=charge`, (page) => page.getByRole('treegrid').waitFor()],
  help: ['/', async (page) => { await page.waitForFunction(() => window.__perf?.dots?.() > 0); await page.keyboard.press('?'); }],
};

for (const theme of ['light', 'dark']) {
  for (const [name, [address, ready]] of Object.entries(SCREENS)) await take(name, address, ready, theme, 1280, 800);
  await take('explore-phone', '/', SCREENS.explore[1], theme, 390, 844);
  await take('trace-phone', `/trace/${shop}`, (page) => page.getByRole('treegrid').waitFor(), theme, 390, 844);
}
await browser.close();
await server.close();

async function take(name, address, ready, theme, width, height) {
  const { page } = await openPage(browser.context, 'about:blank');
  await page.setViewportSize({ width, height });
  const url = new URL(address, server.url);
  url.searchParams.set('theme', theme);
  await page.goto(url.href);
  await ready(page);
  await page.evaluate(() => window.__perf.frames(20));
  await page.screenshot({ path: `${folder}${name}-${theme}.png` });
  await page.close();
}

async function hoverError(page) {
  await SCREENS.explore[1](page);
  const box = await page.getByRole('application').boundingBox();
  await page.keyboard.press('3');
  await page.waitForFunction(() => window.__perf.dots() < 5000);
  await page.mouse.move(box.x + 520, box.y + 180);
}

async function openDetail(page) {
  await page.getByText('charge card').click();
  await page.getByText('card.brand').waitFor();
}

/** A trace with a bit of everything. */
function addShop(target) {
  const random = randomFrom(9);
  const id = randomUUID().replaceAll('-', '');
  const hex = () => Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join('');
  const root = { id: hex(), start: -20e9, duration: 412e6, service: 'checkout', operation: 'POST /orders', kind: 2, attributes: { 'http.route': '/orders', 'http.response.status_code': 500 }, error: true };
  const spans = [root];
  const add = (parent, start, duration, more) => {
    const span = { id: hex(), parent: parent.id, start: root.start + start * 1e6, duration: duration * 1e6, kind: 3, ...more };
    spans.push(span);
    return span;
  };
  const cart = add(root, 8, 96, { service: 'cart', operation: 'GET /cart', kind: 2 });
  for (let at = 0; at < 24; at += 1) add(cart, 12 + at * 3.5, 2 + random() * 1.4, { service: 'db', operation: 'SELECT items' });
  const stock = add(root, 110, 74, { service: 'inventory', operation: 'reserve stock', kind: 2 });
  add(stock, 116, 60, { service: 'db', operation: 'UPDATE stock' });
  add(stock, 104, 9, { service: 'audit', operation: 'record' });
  const pay = add(root, 190, 205, {
    service: 'payment', operation: 'charge card', error: true, attributes: { 'card.brand': 'visa', 'peer.service': 'acquirer', region: 'eu-west-1', 'retry.count': 2 },
    events: [{ name: 'exception', at: 180e6, attributes: { 'exception.type': 'CardDeclined', 'exception.message': 'insufficient funds', 'exception.stacktrace': 'CardDeclined: insufficient funds\n    at charge (payment.ts:41)\n    at handle (server.ts:12)' } }],
  });
  add(pay, 196, 60, { service: 'acquirer', operation: 'authorize' });
  add(pay, 262, 118, { service: 'acquirer', operation: 'authorize (retry)', error: true });
  add({ id: hex() }, 398, 11, { service: 'notification', operation: 'send mail', kind: 4 });
  target.put(id, spans);
  return id;
}
