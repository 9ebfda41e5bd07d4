// Reads the state of the page from its address, and writes it there. A value that makes no sense is replaced by the
// default, with a notice. Pure.

import { parseTraceId } from './ids';
import { DEFAULTS, type Box, type Sort, type UrlState } from './state';
import { parseLast, parseNumbers, writeLast, writeNumber } from './values';

export type Decoded = { state: UrlState; notices: string[] };

const KNOWN = new Set(
  'trace base last from to live f y ymin ymax sel p95 sort hide theme span find only crit groups shift slow prune zoom'.split(' '),
);

export function decode(path: string, query: string): Decoded {
  const params = new URLSearchParams(query);
  const read = new Reader(params);
  const range = read.pair('from', 'to');
  const y = read.pair('ymin', 'ymax');
  const state: UrlState = {
    ...traceOf(path, read),
    base: read.text('base'),
    last: read.value('last', parseLast, DEFAULTS.last),
    range: range && { from: range[0], to: range[1] },
    live: read.choice('live', ['1', '0'], '1') === '1',
    filter: read.choice('f', ['all', 'ok', 'error'], DEFAULTS.filter),
    yScale: read.choice('y', ['log', 'lin'], DEFAULTS.yScale),
    yRange: y && { min: y[0], max: y[1] },
    selection: read.value('sel', parseBox, DEFAULTS.selection),
    showsP95: read.choice('p95', ['1', '0'], '0') === '1',
    sort: read.value('sort', parseSort, DEFAULTS.sort),
    hidden: params.getAll('hide'),
    theme: read.choice('theme', ['system', 'light', 'dark'], DEFAULTS.theme),
    span: read.value('span', parseSpanId, DEFAULTS.span),
    find: params.get('find') ?? DEFAULTS.find,
    onlyMatches: read.choice('only', ['1', '0'], '0') === '1',
    criticalPath: read.choice('crit', ['1', '0'], '1') === '1',
    groups: read.choice('groups', ['1', '0'], '1') === '1',
    shiftsClocks: read.choice('shift', ['1', '0'], '0') === '1',
    marksSlowest: read.choice('slow', ['1', '0'], '0') === '1',
    pruned: params.getAll('prune'),
    zoom: read.value('zoom', parseZoom, DEFAULTS.zoom),
    unknown: [...params].filter(([key]) => !KNOWN.has(key)),
  };
  return { state, notices: read.notices };
}

/** The path and query of a state. Values that equal the defaults are left out. */
export function encode(state: UrlState): string {
  const params = new URLSearchParams();
  const put = (key: string, value: string | null | false) => {
    if (typeof value === 'string') params.append(key, value);
  };
  put('trace', state.trace === null && state.beside);
  put('base', state.base);
  put('last', state.last !== null && writeLast(state.last));
  put('from', state.range && writeNumber(state.range.from));
  put('to', state.range && writeNumber(state.range.to));
  put('live', !state.live && '0');
  put('f', state.filter !== DEFAULTS.filter && state.filter);
  put('y', state.yScale !== DEFAULTS.yScale && state.yScale);
  put('ymin', state.yRange && writeNumber(state.yRange.min));
  put('ymax', state.yRange && writeNumber(state.yRange.max));
  put('sel', state.selection && writeBox(state.selection));
  put('p95', state.showsP95 && '1');
  put('sort', writeSort(state.sort));
  for (const service of state.hidden) put('hide', service);
  put('theme', state.theme !== DEFAULTS.theme && state.theme);
  put('span', state.span);
  put('find', state.find !== '' && state.find);
  put('only', state.onlyMatches && '1');
  put('crit', !state.criticalPath && '0');
  put('groups', !state.groups && '0');
  put('shift', state.shiftsClocks && '1');
  put('slow', state.marksSlowest && '1');
  for (const service of state.pruned) put('prune', service);
  put('zoom', state.zoom && `${writeNumber(state.zoom.from)},${writeNumber(state.zoom.to)}`);
  for (const [key, value] of state.unknown) put(key, value);
  const query = params.toString();
  const path = state.trace === null ? '/' : `/trace/${state.trace}`;
  return query === '' ? path : `${path}?${query}`;
}

/** The open trace: on a page of its own where the path names it, beside the overview where the query does. */
function traceOf(path: string, read: Reader): Pick<UrlState, 'trace' | 'beside'> {
  const inPath = /^\/trace\/([^/]+)\/?$/.exec(path)?.[1];
  if (inPath === undefined) return { trace: null, beside: read.value('trace', parseTraceId, null) };
  const id = parseTraceId(unescaped(inPath));
  if (id === null) read.notices.push(`“${inPath}” is not a trace id.`);
  return { trace: id, beside: null };
}

/** A text with broken escapes stays as it is; it is no id then. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

class Reader {
  readonly notices: string[] = [];
  constructor(private readonly params: URLSearchParams) {}

  text(key: string): string | null {
    return this.params.get(key) || null;
  }

  choice<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
    return this.value(key, (text) => allowed.find((choice) => choice === text) ?? null, fallback);
  }

  value<T>(key: string, parse: (text: string) => T | null, fallback: T): T {
    const text = this.params.get(key);
    if (text === null) return fallback;
    const value = parse(text);
    if (value === null) this.notices.push(`The address has an invalid value, ${key}=${text}; it was ignored.`);
    return value ?? fallback;
  }

  /** Two numbers that only make sense together, in ascending order. */
  pair(low: string, high: string): [number, number] | null {
    const [first, second] = [this.params.get(low), this.params.get(high)];
    if (first === null && second === null) return null;
    const pair = parseNumbers(`${first},${second}`, 2);
    if (pair !== null && pair[0] < pair[1]) return [pair[0], pair[1]];
    this.notices.push(`The address has an invalid range for ${low} and ${high}; it was ignored.`);
    return null;
  }
}

function parseBox(text: string): Box | null {
  const numbers = parseNumbers(text, 4);
  if (numbers === null) return null;
  const [x0, x1, y0, y1] = numbers as [number, number, number, number];
  return x0 < x1 && y0 <= y1 ? { x0, x1, y0, y1 } : null;
}

function writeBox({ x0, x1, y0, y1 }: Box): string {
  return [x0, x1, y0, y1].map(writeNumber).join(',');
}

function parseZoom(text: string): { from: number; to: number } | null {
  const numbers = parseNumbers(text, 2);
  return numbers !== null && numbers[0] < numbers[1] ? { from: numbers[0], to: numbers[1] } : null;
}

function parseSort(text: string): Sort | null {
  const match = /^(-?)(start|duration|spans|service|operation)$/.exec(text);
  return match && { key: match[2] as Sort['key'], descending: match[1] === '-' };
}

function writeSort({ key, descending }: Sort): string | false {
  const isDefault = key === DEFAULTS.sort.key && descending === DEFAULTS.sort.descending;
  return !isDefault && `${descending ? '-' : ''}${key}`;
}

function parseSpanId(text: string): string | null {
  const digits = text.replaceAll('-', '').toLowerCase();
  return /^([0-9a-f]{16}|[0-9a-f]{32})$/.test(digits) ? digits : null;
}
