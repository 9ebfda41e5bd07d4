// The traces we hold: pages of the list, laid over each other. Pure: no document, no network.

export class TraceSet {
  #byId = new Map();
  #sorted = null;

  constructor(capacity) {
    this.capacity = capacity;
  }

  get size() {
    return this.#byId.size;
  }

  /** Newest first, as the server lists them. */
  get newestFirst() {
    this.#sorted ??= [...this.#byId.values()].sort(byStartDescending);
    return this.#sorted;
  }

  get newest() {
    return this.newestFirst[0] ?? null;
  }

  get oldest() {
    return this.newestFirst.at(-1) ?? null;
  }

  has(traceId) {
    return this.#byId.has(traceId);
  }

  /**
   * Lays a page over what we hold: what the page's range should hold and does not is gone from the server.
   * `before` is the page's upper bound or null; `isLast` says that the server has nothing older.
   */
  apply(page, before, isLast) {
    const lowest = isLast || page.length === 0 ? null : page.at(-1).start_time;
    const isInRange = ({ start_time: start }) =>
      (before === null || start < before) && (lowest === null || start > lowest);
    for (const trace of this.newestFirst.filter(isInRange)) this.#byId.delete(trace.trace_id);
    for (const trace of page) this.#byId.set(trace.trace_id, trace);
    this.#sorted = null;
    for (const trace of this.newestFirst.slice(this.capacity)) this.#byId.delete(trace.trace_id);
    this.#sorted = null;
  }

  /** Forgets what starts before the window. */
  expire(cutoff) {
    for (const trace of this.newestFirst.filter(({ start_time: start }) => start < cutoff)) {
      this.#byId.delete(trace.trace_id);
    }
    this.#sorted = null;
  }
}

/** The `before` that continues below a page; null if there is nothing older. */
export function nextBefore(page, before, limit) {
  if (page.length < limit) return null;
  // Traces that share the page's lowest start may stand on both sides of its end: take that start again.
  const again = page.at(-1).start_time + 1n;
  // A whole page of one single start cannot be split further by time, so we go below it.
  return before !== null && again >= before ? page.at(-1).start_time : again;
}

function byStartDescending(left, right) {
  if (left.start_time !== right.start_time) return left.start_time < right.start_time ? 1 : -1;
  return left.trace_id < right.trace_id ? -1 : 1;
}
