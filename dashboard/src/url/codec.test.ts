import { describe, expect, test } from 'vitest';

import { randomFrom, type Random } from '../testing/random';
import { decode, encode } from './codec';
import { DEFAULTS, type UrlState } from './state';

const ROUNDS = 2000;

function parse(address: string) {
  const url = new URL(address, 'http://x');
  return decode(url.pathname, url.search);
}

function anyState(random: Random): UrlState {
  const { int, pick, bool, text, maybe, hex } = random;
  const number = () => int(-1e6, 2e12) + int(0, 999) / 1000;
  const pair = () => {
    const low = number();
    return [low, low + int(1, 1e6)] as const;
  };
  const [from, to] = pair();
  const [min, max] = pair();
  const trace = maybe(() => hex(32));
  return {
    trace,
    beside: trace === null ? maybe(() => hex(32)) : null,
    base: maybe(() => `http://${text(1)}.example:8080`),
    last: maybe(() => int(1, 7200) * 1000),
    range: maybe(() => ({ from, to })),
    live: bool(),
    filter: pick(['all', 'ok', 'error']),
    yScale: pick(['log', 'lin']),
    yRange: maybe(() => ({ min, max })),
    selection: maybe(() => ({ x0: from, x1: to, y0: min, y1: max })),
    sort: { key: pick(['start', 'duration', 'spans', 'service', 'operation']), descending: bool() },
    hidden: Array.from({ length: int(0, 3) }, () => text(0)),
    theme: pick(['system', 'light', 'dark']),
    span: maybe(() => hex(pick([16, 32]))),
    find: text(0),
    onlyMatches: bool(),
    criticalPath: bool(),
    groups: bool(),
    shiftsClocks: bool(),
    marksSlowest: bool(),
    showsP95: bool(),
    pruned: Array.from({ length: int(0, 3) }, () => text(0)),
    zoom: maybe(() => ({ from, to })),
    unknown: bool() ? [] : [[`x${text(0)}`, text(0)]],
  };
}

describe('the address', () => {
  test('gives back every state that was written to it', () => {
    for (let seed = 1; seed <= ROUNDS; seed += 1) {
      const state = anyState(randomFrom(seed));
      const { state: read, notices } = parse(encode(state));
      expect(read, `seed ${seed}`).toEqual(state);
      expect(notices).toEqual([]);
    }
  });

  test('is / where every value is the default', () => {
    expect(encode(DEFAULTS)).toBe('/');
    expect(parse('/').state).toEqual(DEFAULTS);
  });

  test('keeps keys that this version does not know', () => {
    expect(encode(parse('/?f=ok&later=1').state)).toBe('/?f=ok&later=1');
  });

  test('names a trace in the path, or beside the overview in the query, in any form of id', () => {
    const digits = '0190163d8694739baea5966c26f8ad91';
    expect(parse('/trace/0190163D-8694-739b-aea5-966c26f8ad91').state.trace).toBe(digits);
    expect(parse('/?trace=0190163D-8694-739b-aea5-966c26f8ad91').state).toMatchObject({ trace: null, beside: digits });
    expect(parse(`/trace/${digits}?trace=${'ab'.repeat(16)}`).state).toMatchObject({ trace: digits, beside: null });
  });

  test.each(['nothing', '%E0%A4%A', '%'])('reports that %s is not a trace id', (text) => {
    const { state, notices } = parse(`/trace/${text}`);
    expect(state).toEqual(DEFAULTS);
    expect(notices).toEqual([`“${text}” is not a trace id.`]);
  });

  test.each(['f=no', 'from=2&to=1', 'from=1', 'last=5', 'sel=1,2', 'sort=x', 'zoom=a,b', 'span=1', 'y='])(
    'falls back to the default with a notice at %s',
    (query) => {
      const { state, notices } = parse(`/?${query}`);
      expect(state).toEqual(DEFAULTS);
      expect(notices).toHaveLength(1);
    },
  );
});
