// The view of recent traces: polls the list while it can be seen, one poll at a time.

import { getHealth, listTraces, serverNow } from './api.js';
import { byId, el, setText } from './dom.js';
import * as format from './format.js';
import { learnServices, serviceColour } from './palette.js';
import { Scatter } from './scatter.js';
import { clearError, emptyState, showError } from './states.js';
import { TraceTable } from './table.js';
import { TraceSet, nextBefore } from './traces.js';

const POLL_MS = 3000;
const PAGE = 1000;
/** Limit: what the chart holds. The newest stay, and the page says how many there are in all. */
const CAPACITY = 10_000;
/** Until the server has told its own. */
const WINDOW_SECONDS_DEFAULT = 1800;
const LEGEND_MAX = 10;

export class RecentTraces {
  #traces = new TraceSet(CAPACITY);
  #total = 0;
  #health = null;
  #timer = null;
  #abort = null;
  #isActive = false;
  #isPaused = false;
  /** Where the next sweep over the older pages goes on; null is at the newest. */
  #sweep = null;

  constructor(onOpen) {
    this.scatter = new Scatter(onOpen);
    this.table = new TraceTable(byId('list'), onOpen);
    byId('pause').addEventListener('click', () => this.#togglePause());
    document.addEventListener('visibilitychange', () => this.#schedule(0));
  }

  start() {
    this.#isActive = true;
    this.#schedule(0);
  }

  stop() {
    this.#isActive = false;
    this.#abort?.abort();
    clearTimeout(this.#timer);
  }

  #togglePause() {
    this.#isPaused = !this.#isPaused;
    byId('pause').setAttribute('aria-pressed', String(this.#isPaused));
    this.#schedule(0);
  }

  /** The next poll; none while nobody can see it. A poll under way schedules its own successor. */
  #schedule(delay) {
    clearTimeout(this.#timer);
    const isWanted = this.#isActive && !this.#isPaused && document.visibilityState === 'visible';
    if (isWanted && this.#abort === null) this.#timer = setTimeout(() => this.#poll(), delay);
  }

  async #poll() {
    const began = performance.now();
    const abort = (this.#abort = new AbortController());
    try {
      await this.#refresh(abort.signal);
      clearError();
    } catch (error) {
      if (!abort.signal.aborted) showError(error, () => this.#schedule(0));
    }
    this.#abort = null;
    // One that was cut off by leaving the view is made up for at once after coming back.
    this.#schedule(abort.signal.aborted ? 0 : Math.max(0, POLL_MS - (performance.now() - began)));
  }

  async #refresh(signal) {
    this.#health = await getHealth(signal);
    const after = this.#cutoff();
    this.#traces.expire(after);
    const held = this.#traces.newest;
    let before = null;
    do {
      const { traces, total } = await listTraces({ limit: PAGE, after, before }, signal);
      if (before === null) this.#total = total;
      const next = nextBefore(traces, before, PAGE);
      this.#traces.apply(traces, before, next === null);
      before = next;
      this.#render();
      // Until the page reaches what we already hold, or the server has no more, or the chart is full.
    } while (before !== null && !this.#reaches(held, before) && before > this.#traces.oldest.start_time);
    await this.#sweepOn(after, before, signal);
  }

  #reaches(held, before) {
    return held !== null && before <= held.start_time;
  }

  /** Older traces still gain spans and errors: each poll lays one older page anew, all of them in turn. */
  async #sweepOn(after, newestEnd, signal) {
    if (newestEnd === null || this.#traces.oldest === null) return;
    const isOver = this.#sweep === null || this.#sweep <= this.#traces.oldest.start_time;
    const before = isOver || this.#sweep > newestEnd ? newestEnd : this.#sweep;
    if (before <= this.#traces.oldest.start_time || before <= after) return;
    const { traces } = await listTraces({ limit: PAGE, after, before }, signal);
    this.#sweep = nextBefore(traces, before, PAGE);
    this.#traces.apply(traces, before, this.#sweep === null);
    this.#render();
  }

  #windowSeconds() {
    return this.#health?.window?.requested_seconds ?? WINDOW_SECONDS_DEFAULT;
  }

  #cutoff() {
    const cutoff = BigInt(Math.floor(serverNow() - this.#windowSeconds() * 1000)) * 1_000_000n;
    return cutoff > 0n ? cutoff : 0n;
  }

  #render() {
    const traces = this.#traces.newestFirst;
    const isEmpty = traces.length === 0;
    byId('filled').hidden = isEmpty;
    byId('empty').hidden = !isEmpty;
    if (isEmpty && !byId('empty').hasChildNodes()) byId('empty').append(...emptyState());
    const isAll = traces.length >= this.#total;
    const which = isAll ? '' : `showing the newest ${format.count(traces.length)} of `;
    setText(byId('count'), which + format.plural(Math.max(this.#total, traces.length), 'trace'));
    setText(byId('reach'), reach(this.#health));
    if (isEmpty) return;
    learnServices(traces.map((trace) => trace.root_service));
    const now = serverNow();
    // A trace may start a little in the future, by its own clock.
    const until = Math.max(now, traces[0].startMs);
    this.scatter.show(traces, { from: now - this.#windowSeconds() * 1000, until });
    this.table.show(traces);
    renderLegend(traces);
  }
}

/** How far back the server reaches, as far as it tells. */
function reach(health) {
  if (health?.window === undefined) return '';
  const { requested_seconds: requested, effective_seconds: effective, limited_by: limit } = health.window;
  const window =
    limit === 'memory'
      ? `Memory limits the window to ${format.span(effective)} of ${format.span(requested)}`
      : `The window is ${format.span(requested)}`;
  const held = health.spans === undefined ? '' : `, ${format.plural(health.spans, 'span')} held`;
  const memory = health.memory_bytes === undefined ? '' : ` in ${format.bytes(health.memory_bytes)}`;
  return `${window}${held}${memory}.`;
}

function renderLegend(traces) {
  const counts = new Map();
  let errors = 0;
  for (const { root_service: service, status } of traces) {
    counts.set(service, (counts.get(service) ?? 0) + 1);
    if (status === 'error') errors += 1;
  }
  const services = [...counts].sort((left, right) => right[1] - left[1]);
  const items = services.slice(0, LEGEND_MAX).map(([service, number]) => {
    const swatch = el('i', { class: 'swatch' });
    swatch.style.background = `var(${serviceColour(service)})`;
    return el('li', {}, swatch, el('span', { class: 'name' }, service), ` ${format.count(number)}`);
  });
  if (services.length > LEGEND_MAX) items.push(el('li', {}, `and ${services.length - LEGEND_MAX} more`));
  items.push(el('li', {}, el('span', { class: 'bad' }, '◆'), ` with an error ${format.count(errors)}`));
  byId('legend').replaceChildren(...items);
}
