// The table of recent traces: the chart's equal, in words. Rows are kept and moved as little as possible, so
// that a refresh takes neither the focus nor the place where one reads.

import { el, setText } from './dom.js';
import * as format from './format.js';
import { serviceColour } from './palette.js';

const STEP = 100;
const HEADS = ['Start', 'Service', 'Operation', 'Duration', 'Spans', 'Status'];

export class TraceTable {
  #rows = new Map();
  #shown = STEP;
  #traces = [];

  constructor(parent, onOpen) {
    this.onOpen = onOpen;
    this.body = el('tbody');
    this.more = el('button', { type: 'button', class: 'more', onclick: () => this.#showMore() });
    const heads = HEADS.map((head) => el('th', { scope: 'col', class: head.toLowerCase() }, head));
    const table = el(
      'table',
      {},
      el('caption', {}, 'Newest first; a trace is listed when its root has come'),
      el('thead', {}, el('tr', {}, ...heads)),
      this.body,
    );
    parent.append(el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Table of recent traces' }, table));
    parent.append(this.more);
  }

  /** Shows these traces, newest first. */
  show(traces) {
    this.#traces = traces;
    const wanted = traces.slice(0, this.#shown);
    const ids = new Set(wanted.map((trace) => trace.trace_id));
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue;
      row.node.remove();
      this.#rows.delete(id);
    }
    let next = this.body.firstChild;
    for (const trace of wanted) {
      const { node } = this.#row(trace);
      if (node === next) next = next.nextSibling;
      else this.body.insertBefore(node, next);
    }
    const left = traces.length - wanted.length;
    this.more.hidden = left === 0;
    setText(this.more, `Show ${format.count(Math.min(STEP, left))} more of ${format.count(left)}`);
  }

  #showMore() {
    const firstNew = this.#traces[this.#shown];
    this.#shown += STEP;
    this.show(this.#traces);
    this.#rows.get(firstNew?.trace_id)?.link.focus();
  }

  #row(trace) {
    let row = this.#rows.get(trace.trace_id);
    if (row === undefined) {
      row = this.#newRow(trace);
      this.#rows.set(trace.trace_id, row);
    }
    setText(row.link, format.clock(trace.startMs));
    setText(row.service, trace.root_service);
    row.swatch.style.background = `var(${serviceColour(trace.root_service)})`;
    setText(row.operation, trace.root_operation);
    setText(row.duration, format.durationMs(trace.duration_ms));
    setText(row.spans, format.count(trace.span_count));
    setText(row.status, trace.status === 'error' ? '◆ error' : 'ok');
    row.status.className = trace.status === 'error' ? 'status bad' : 'status';
    return row;
  }

  #newRow({ trace_id: id }) {
    const link = el('a', { href: `/?trace=${id}`, title: id });
    const open = (event) => {
      const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (!isPlain || !getSelection().isCollapsed) return;
      event.preventDefault();
      this.onOpen(id);
    };
    const [swatch, service] = [el('i', { class: 'swatch' }), el('span')];
    const cells = {
      operation: el('td', { class: 'operation' }),
      duration: el('td', { class: 'duration' }),
      spans: el('td', { class: 'spans' }),
      status: el('td', { class: 'status' }),
    };
    const first = el('th', { scope: 'row', class: 'start' }, link);
    const second = el('td', { class: 'service' }, swatch, service);
    const node = el('tr', { onclick: open }, first, second, ...Object.values(cells));
    return { node, link, swatch, service, ...cells };
  }
}
