// Everything the reader sees, as it stands in the address. What is not here is lost on a reload.

export type Filter = 'all' | 'ok' | 'error';
export type YScale = 'log' | 'lin';
export type ThemeChoice = 'system' | 'light' | 'dark';
export type SortKey = 'start' | 'duration' | 'spans' | 'service' | 'operation';
export type Sort = { key: SortKey; descending: boolean };

/** A box in the chart: milliseconds since 1970, then nanoseconds of duration. */
export type Box = { x0: number; x1: number; y0: number; y1: number };

export type UrlState = {
  /** The trace that is open, as 32 hexadecimal digits; none on the overview. */
  trace: string | null;
  /** On the overview: the trace that is open beside it. */
  beside: string | null;
  /** The server asked; none means the one the page came from. */
  base: string | null;
  /** How far back the chart reaches while it follows the clock, in ms; none means the whole window. */
  last: number | null;
  /** A fixed range, in ms since 1970. It stops the chart from following the clock. */
  range: { from: number; to: number } | null;
  live: boolean;
  filter: Filter;
  yScale: YScale;
  /** Shown durations in nanoseconds; none means that all fit. */
  yRange: { min: number; max: number } | null;
  selection: Box | null;
  /** A line at the 95th percentile. */
  showsP95: boolean;
  sort: Sort;
  /** Services that are not shown on the overview. */
  hidden: string[];
  theme: ThemeChoice;
  /** On an open trace: the selected span, 16 or 32 digits. */
  span: string | null;
  find: string;
  onlyMatches: boolean;
  criticalPath: boolean;
  groups: boolean;
  /** Spans that begin before their parent are moved so that they fit. */
  shiftsClocks: boolean;
  /** The spans with the most time of their own are marked. */
  marksSlowest: boolean;
  /** Services that are left out of an open trace, with all below them. */
  pruned: string[];
  /** The shown part of an open trace, in nanoseconds from its first start. */
  zoom: { from: number; to: number } | null;
  /** Keys that this version does not know; they are kept as they are. */
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
