// What passed and what failed, for results/acceptance.json. A reporter of node --test, beside the one for people.

import { save } from './acceptance.mjs';

const part = process.env.CONTRACT_ONLY ? 'checks by the contract alone' : 'checks';

export default async function* report(events) {
  const results = [];
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    // Files are told of as tests, too.
    if (data.skip || data.name.endsWith('.mjs')) continue;
    results.push({ check: data.name, passed: type === 'test:pass' });
    // Each time, because a forced exit does not wait for the end of this.
    save(part, { results });
  }
  yield '';
}
