// Collects the results of all acceptance checks in results/acceptance.json. Each script writes its own part.
// The committed baseline.json is such a file from a quiet machine; SET_BASELINE=1 writes that instead.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';

const BASELINE = new URL('../perf/baseline.json', import.meta.url);
const RESULTS = new URL('../../results/acceptance.json', import.meta.url);
/** Limit: twice the time of the baseline is a regression; differences of small times are noise. */
const WORSE_FACTOR = 2;
const WOBBLE_MS = 30;

const isSetting = Boolean(process.env.SET_BASELINE);

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

/** Writes one part of the file and keeps the others. */
export function save(part, content) {
  const file = isSetting ? BASELINE : RESULTS;
  mkdirSync(new URL('.', file), { recursive: true });
  const said = { at: new Date().toISOString(), load: loadavg().map((load) => Math.round(load * 10) / 10), ...content };
  writeFileSync(file, `${JSON.stringify({ ...read(file), [part]: said }, null, 2)}\n`);
}

/** The checks of one script. */
export class Checks {
  results = [];

  constructor(part) {
    this.part = part;
    this.before = isSetting ? [] : (read(BASELINE)[part]?.results ?? []);
  }

  record(check, numbers, isWithin) {
    const rounded = Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, round(value)]));
    const slower = this.slower(check, rounded);
    const passed = isWithin && slower.length === 0;
    this.results.push({ check, passed, ...rounded });
    console.log(`${passed ? 'ok  ' : 'MISS'} ${check} ${JSON.stringify(rounded)}`);
    if (slower.length > 0) console.log(`     twice the baseline: ${slower.join(', ')}`);
    if (!passed) process.exitCode = 1;
  }

  slower(check, numbers) {
    const before = this.before.find((result) => result.check === check);
    const timed = Object.keys(numbers).filter((key) => key.endsWith('Ms') && typeof before?.[key] === 'number');
    return timed.filter((key) => numbers[key] > WORSE_FACTOR * before[key] + WOBBLE_MS);
  }

  save(more = {}) {
    save(this.part, { ...more, results: this.results });
  }
}

const round = (value) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value);
