// The state of the page that the address holds. What is not in it is lost on a reload.

export type Filter = 'all' | 'ok' | 'error';
export type YScale = 'log' | 'lin';
export type ThemeChoice = 'system' | 'light' | 'dark';
export type SortKey = 'start' | 'duration' | 'spans' | 'service' | 'operation';
export type Sort = { key: SortKey; descending: boolean };

/** A box in the chart: x in ms since 1970, y as durations in ns. */
export type Box = { x0: number; x1: number; y0: number; y1: number };

export type UrlState = {
  /** The trace that fills the page, as 32 hexadecimal digits; `null` on the overview. */
  trace: string | null;
  /** The trace that is open beside the overview. */
  beside: string | null;
  /** The address of the server; `null` for the one that the page came from. */
  base: string | null;
  /** How far back the chart reaches while it follows the clock, in ms; `null` for the whole window. */
  last: number | null;
  /** A fixed range, in ms since 1970. It stops the chart from following the clock. */
  range: { from: number; to: number } | null;
  /** Whether the chart follows the clock. */
  live: boolean;
  filter: Filter;
  yScale: YScale;
  /** The shown durations in ns; `null` where the axis fits the data. */
  yRange: { min: number; max: number } | null;
  selection: Box | null;
  /** Whether the chart has a line at the 95th percentile. */
  showsP95: boolean;
  sort: Sort;
  /** Services that the overview does not show. */
  hidden: string[];
  theme: ThemeChoice;
  /** The selected span of an open trace, 16 or 32 digits. */
  span: string | null;
  /** The text that is searched for in an open trace. */
  find: string;
  onlyMatches: boolean;
  criticalPath: boolean;
  /** Whether long runs of equal siblings are folded. */
  groups: boolean;
  /** Whether spans that begin before their parent are moved so that they fit. */
  shiftsClocks: boolean;
  /** Whether the spans with the most self time are marked. */
  marksSlowest: boolean;
  /** Services whose spans an open trace hides, with all spans below them. */
  pruned: string[];
  /** The shown part of an open trace, in ns from its first start. */
  zoom: { from: number; to: number } | null;
  /** Keys and values that this version does not know; they are kept in the address. */
  unknown: [string, string][];
};

export const DEFAULTS: UrlState = {
  trace: null,
  beside: null,
  base: null,
  last: null,
  range: null,
  live: true,
  filter: 'all',
  yScale: 'log',
  yRange: null,
  selection: null,
  showsP95: false,
  sort: { key: 'start', descending: true },
  hidden: [],
  theme: 'system',
  span: null,
  find: '',
  onlyMatches: false,
  criticalPath: true,
  groups: true,
  shiftsClocks: false,
  marksSlowest: false,
  pruned: [],
  zoom: null,
  unknown: [],
};
