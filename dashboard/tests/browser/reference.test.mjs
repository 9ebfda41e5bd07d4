// The API reference at /docs: Swagger UI shows the document, and works under the content security policy of the server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBrowser, openPage } from '../support/browser.mjs';
import { startTraced } from '../support/traced.mjs';

let [browser, traced] = [];

before(async () => {
  browser = await openBrowser();
  traced = await startTraced();
});

after(async () => {
  await browser?.close();
  await traced?.stop();
});

test('the reference lists the operations and sends one, without errors', async () => {
  const { page, errors } = await openPage(browser.context, `${traced.url}/docs`);
  await page.getByText('/api/v1/traces/points', { exact: true }).waitFor();
  const health = page.locator('#operations-Operation-getHealth, [id$="getHealth"]').first();
  await health.getByRole('button').first().click();
  await health.getByRole('button', { name: 'Try it out' }).click();
  await health.getByRole('button', { name: 'Execute' }).click();
  await health.locator('.live-responses-table').getByText('"status": "ok"').waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});
