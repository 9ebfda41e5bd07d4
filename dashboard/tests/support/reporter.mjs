// A reporter for node --test that saves which tests passed into results/acceptance.json, beside the reporter for people.

import { save } from './acceptance.mjs';

const part = process.env.CONTRACT_ONLY ? 'checks by the contract alone' : 'checks';

export default async function* report(events) {
  const results = [];
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    // node --test reports files as tests, too.
    if (data.skip || data.name.endsWith('.mjs')) continue;
    results.push({ check: data.name, passed: type === 'test:pass' });
    // Saved after each test, because a forced exit does not wait for this reporter.
    save(part, { results });
  }
  yield '';
}
