// Copying on a page without `navigator.clipboard`: it came over plain http from another host.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openPage } from '../support/browser.mjs';
import { Model } from '../support/model.mjs';
import { serveDashboard } from '../support/static.mjs';

const ID = 'ab'.repeat(16);
let [browser, server, far] = [];

before(async () => {
  browser = await openBrowser({ flags: ['--host-resolver-rules=MAP far.test 127.0.0.1'] });
  const model = new Model();
  model.put(ID, [{ id: '1'.repeat(16), start: -5e9, duration: 213e6, service: 'checkout', operation: 'POST /orders', attributes: { region: 'eu-west-1' } }]);
  server = await serveDashboard(model.handler());
  far = server.url.replace('127.0.0.1', 'far.test');
});

after(async () => {
  await browser?.close();
  await server?.close();
});

async function openTrace() {
  const opened = await openPage(browser.context, `${far}/trace/${ID}?span=${'1'.repeat(16)}`);
  await opened.page.getByTestId('detail').getByText('region').waitFor();
  assert.equal(await opened.page.evaluate(() => navigator.clipboard), undefined);
  return opened;
}

const toast = (page, text) => page.getByTestId('toast').filter({ hasText: text }).waitFor();

/** The text in the clipboard, read by pasting it. */
async function pasted(page) {
  const box = page.getByLabel('Address of the server');
  await box.fill('');
  await box.press('Control+v');
  return box.inputValue();
}

test('a value, an id and the link are copied, and a toast says so for each', async () => {
  const { page, errors } = await openTrace();
  const value = page.getByRole('button', { name: 'Copy the value of region' });
  await value.focus();
  await value.press('Enter');
  await toast(page, 'region copied');
  assert.equal(await value.evaluate((element) => element === document.activeElement), true);
  assert.equal(await pasted(page), 'eu-west-1');
  await page.locator('main').getByRole('button', { name: /^Copy the/ }).first().focus();
  await page.keyboard.press('y');
  await toast(page, 'Link copied');
  assert.equal(await pasted(page), `${far}/trace/${ID}?span=${'1'.repeat(16)}`);
  assert.deepEqual(errors, []);
  await page.close();
});

test('a text that cannot be copied is shown selected', async () => {
  const { page, errors } = await openTrace();
  await page.evaluate(() => { document.execCommand = () => false; });
  await page.getByRole('button', { name: 'Copy the value of region' }).click();
  const area = page.getByRole('dialog').getByLabel('Text to copy');
  await area.waitFor();
  assert.equal(await area.evaluate((element) => element.value.slice(element.selectionStart, element.selectionEnd)), 'eu-west-1');
  await page.keyboard.press('Escape');
  await area.waitFor({ state: 'hidden' });
  assert.deepEqual(errors, []);
  await page.close();
});
