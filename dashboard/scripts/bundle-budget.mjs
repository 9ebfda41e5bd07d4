// Compares the compressed size of what a reader loads with the budget. Fails where it is exceeded.

import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { save } from '../tests/support/acceptance.mjs';

const KIB = 1024;
/** Limits: the first route loads within a second on a slow connection; lazy parts are loaded only when they are opened. */
const FIRST_JS_MAX = 170 * KIB;
const CSS_MAX = 14 * KIB;
const LAZY_MAX = 90 * KIB;
const ALL_MAX = 450 * KIB;

const dist = new URL('../dist/', import.meta.url);
const html = readFileSync(new URL('index.html', dist), 'utf8');
const files = readdirSync(new URL('assets/', dist)).map((name) => {
  const bytes = gzipSync(readFileSync(new URL(`assets/${name}`, dist)), { level: 9 }).length;
  return { name, bytes, isFirst: html.includes(name) };
});

const sum = (some) => some.reduce((total, { bytes }) => total + bytes, 0);
const scripts = files.filter(({ name }) => name.endsWith('.js'));
const lazy = scripts.filter(({ isFirst }) => !isFirst);
const checks = [
  ['first JavaScript', sum(scripts.filter(({ isFirst }) => isFirst)), FIRST_JS_MAX],
  ['all CSS', sum(files.filter(({ name }) => name.endsWith('.css'))), CSS_MAX],
  ['largest lazy part', Math.max(0, ...lazy.map(({ bytes }) => bytes)), LAZY_MAX],
  ['everything', sum(files) + gzipSync(html).length, ALL_MAX],
];
for (const [what, bytes, most] of checks) {
  console.log(`${what}: ${(bytes / KIB).toFixed(1)} of ${most / KIB} KiB`);
  if (bytes > most) process.exitCode = 1;
}
save('bundle', { results: checks.map(([check, bytes, bytesMax]) => ({ check, passed: bytes <= bytesMax, bytes, bytesMax })) });
// Counts only hosts that the page would load from: licences and warnings in the code name hosts, too.
const foreign = [...html.matchAll(/(?:src|href)="(?:https?:)?\/\/[^"]+"/g)].map(([match]) => match);
if (foreign.length > 0) {
  console.error(`the page names another host: ${foreign.join(', ')}`);
  process.exitCode = 1;
}
