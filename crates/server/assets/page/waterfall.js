// One trace: its spans as a tree beside their bars. A treegrid after the ARIA patterns: one row has the focus,
// arrows move, open and close.

import { copyButton, el } from './dom.js';
import { spanDetail } from './detail.js';
import * as format from './format.js';
import { learnServices, serviceColour } from './palette.js';
import { extent, forest, visible } from './tree.js';

/** Limit: rows added at a time; a trace may have more spans than a document should have nodes. */
const STEP = 1000;
/** Limit: deeper spans are not indented further, or a chain would leave the screen. */
const INDENT_MAX = 16;

export class Waterfall {
  #closed = new Set();
  #nodes = new Map();
  #shown = STEP;
  #active = 0;
  #selected = -1;

  constructor(trace, onReload) {
    learnServices(trace.spans.map((span) => span.service));
    this.trace = trace;
    this.rows = forest(trace.spans);
    this.range = extent(trace.spans);
    this.grid = el('div', { role: 'treegrid', class: 'grid', 'aria-label': 'Spans', 'aria-colcount': 3 });
    this.more = el('button', { type: 'button', class: 'more', onclick: () => this.#showMore() });
    this.panel = el('aside', { class: 'detail', 'aria-label': 'Span', hidden: true });
    this.split = el('div', { class: 'split' }, el('div', { class: 'spans-area' }, this.grid, this.more), this.panel);
    this.grid.addEventListener('keydown', (event) => this.#key(event));
    this.content = [...heading(this.trace, this.rows, this.range, onReload), this.split];
    this.#render();
  }

  #render() {
    const indices = visible(this.rows, this.#closed);
    const shown = indices.slice(0, this.#shown);
    if (!shown.includes(this.#active)) this.#active = shown[0];
    this.grid.setAttribute('aria-rowcount', String(indices.length + 1));
    this.grid.replaceChildren(ruler(this.range), ...shown.map((index, place) => this.#node(index, place)));
    this.more.hidden = shown.length === indices.length;
    this.more.textContent = `Show more: ${format.count(shown.length)} of ${format.plural(indices.length, 'span')}`;
  }

  #showMore() {
    this.#shown += STEP;
    this.#render();
  }

  #node(index, place) {
    if (!this.#nodes.has(index)) this.#nodes.set(index, this.#newNode(index));
    const node = this.#nodes.get(index);
    node.setAttribute('aria-rowindex', String(place + 2));
    node.tabIndex = index === this.#active ? 0 : -1;
    node.setAttribute('aria-selected', String(index === this.#selected));
    if (this.rows[index].childCount > 0) node.setAttribute('aria-expanded', String(!this.#closed.has(index)));
    return node;
  }

  #newNode(index) {
    const row = this.rows[index];
    const toggle = el('span', { class: row.childCount > 0 ? 'toggle' : 'toggle leaf', 'aria-hidden': 'true' });
    toggle.addEventListener('click', (event) => {
      event.stopPropagation();
      this.#toggle(index);
    });
    const name = el('div', { role: 'gridcell', class: 'name' }, toggle, ...nameParts(row));
    name.style.setProperty('--depth', String(Math.min(row.depth, INDENT_MAX)));
    const took = format.duration(Number(row.span.end_time - row.span.start_time));
    const duration = el('div', { role: 'gridcell', class: 'took' }, took);
    const node = el('div', { role: 'row', class: 'row', 'aria-level': row.depth + 1 }, name, this.#bar(row), duration);
    node.addEventListener('click', () => this.#select(index));
    return node;
  }

  #bar({ span }) {
    const whole = Number(this.range.until - this.range.from) || 1;
    const offset = Number(span.start_time - this.range.from);
    const bar = el('span', { class: span.status === 'error' ? 'span-bar error' : 'span-bar' });
    bar.style.left = `${(100 * offset) / whole}%`;
    bar.style.width = `${(100 * Number(span.end_time - span.start_time)) / whole}%`;
    bar.style.background = `var(${serviceColour(span.service)})`;
    const said = el('span', { class: 'visually-hidden' }, `starts after ${format.duration(offset)}`);
    return el('div', { role: 'gridcell', class: 'lane' }, bar, said);
  }

  #toggle(index) {
    if (this.rows[index].childCount === 0) return;
    if (!this.#closed.delete(index)) this.#closed.add(index);
    const hadFocus = this.grid.contains(document.activeElement);
    this.#render();
    if (hadFocus) this.#focus(index);
  }

  #focus(index) {
    const [before, after] = [this.#nodes.get(this.#active), this.#nodes.get(index)];
    if (after === undefined || !after.isConnected) return;
    before.tabIndex = -1;
    after.tabIndex = 0;
    this.#active = index;
    after.focus();
  }

  #select(index) {
    this.#nodes.get(this.#selected)?.setAttribute('aria-selected', 'false');
    this.#selected = index;
    this.#nodes.get(index).setAttribute('aria-selected', 'true');
    this.#focus(index);
    this.panel.replaceChildren(
      ...spanDetail(this.rows[index], this.range.from, () => this.#close()).filter((part) => part !== null),
    );
    this.panel.hidden = false;
    this.split.classList.add('with-detail');
    this.#nodes.get(index).scrollIntoView({ block: 'nearest' });
  }

  #close() {
    this.panel.hidden = true;
    this.split.classList.remove('with-detail');
    this.#nodes.get(this.#selected)?.setAttribute('aria-selected', 'false');
    this.#focus(this.#selected);
    this.#selected = -1;
  }

  #key(event) {
    const shown = visible(this.rows, this.#closed).slice(0, this.#shown);
    const at = shown.indexOf(this.#active);
    const row = this.rows[this.#active];
    const isOpen = row.childCount > 0 && !this.#closed.has(this.#active);
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 20, PageUp: at - 20, Home: 0, End: shown.length };
    if (event.key in moves) this.#focus(shown[Math.max(0, Math.min(shown.length - 1, moves[event.key]))]);
    else if (event.key === 'ArrowRight' && row.childCount > 0) isOpen ? this.#focus(shown[at + 1]) : this.#toggle(this.#active);
    else if (event.key === 'ArrowLeft') isOpen ? this.#toggle(this.#active) : this.#focus(row.parent);
    else if (event.key === 'Enter' || event.key === ' ') this.#select(this.#active);
    else if (event.key === 'Escape' && this.#selected >= 0) this.#close();
    else return;
    event.preventDefault();
  }
}

function heading(trace, rows, { from, until }, onReload) {
  const { spans, trace_id: id } = trace;
  const root = rows.find((row) => row.place === 'root')?.span;
  const errors = spans.filter((span) => span.status === 'error').length;
  const services = new Set(spans.map((span) => span.service)).size;
  const code = el('code', {}, id);
  const facts = [
    format.duration(Number(until - from)),
    format.plural(spans.length, 'span'),
    format.plural(services, 'service'),
    errors === 0 ? 'no errors' : el('span', { class: 'bad' }, `◆ ${format.plural(errors, 'error')}`),
    `began ${format.utc(from)}`,
  ];
  return [
    el('p', { class: 'back' }, el('a', { href: '/', class: 'to-recent' }, '← Recent traces')),
    el(
      'div',
      { class: 'heading' },
      el('h1', { id: 'trace-title' }, root ? `${root.service}: ${root.operation}` : 'Trace without a root yet'),
      el('button', { type: 'button', onclick: onReload }, 'Reload'),
    ),
    el('p', { class: 'trace-id' }, code, ' ', copyButton(code), ' ', el('a', { href: `/traces/${id}` }, 'JSON')),
    el('ul', { class: 'facts' }, ...facts.map((fact) => el('li', {}, fact))),
    ...oddities(rows).map((text) => el('p', { class: 'note' }, text)),
  ];
}

/** What a reader of the tree has to know about its shape. */
function oddities(rows) {
  const number = (place) => rows.filter((row) => row.place === place).length;
  const [roots, orphans, cycles] = [number('root'), number('orphan'), number('cycle')];
  return [
    roots > 1 && `This trace has ${roots} roots; the list shows it by the earliest.`,
    orphans > 0 && `The parent of ${format.plural(orphans, 'span')} is not here: not arrived, or expired.`,
    cycles > 0 && `The parents of some spans lead in a circle, broken at ${format.plural(cycles, 'place')}.`,
  ].filter(Boolean);
}

function nameParts({ span, place }) {
  const swatch = el('i', { class: 'swatch' });
  swatch.style.background = `var(${serviceColour(span.service)})`;
  const marks = { orphan: 'parent missing', cycle: 'circle' };
  return [
    swatch,
    el('span', { class: 'service' }, span.service),
    el('span', { class: 'operation' }, span.operation),
    span.status === 'error' ? el('span', { class: 'bad mark' }, '◆ error') : null,
    place in marks ? el('span', { class: 'mark odd' }, marks[place]) : null,
  ].filter((part) => part !== null);
}

function ruler({ from, until }) {
  const whole = Number(until - from);
  const ticks = [0, 0.25, 0.5, 0.75].map((share) => {
    const tick = el('span', { class: 'tick' }, share === 0 ? '0' : format.duration(whole * share));
    tick.style.left = `${share * 100}%`;
    return tick;
  });
  return el(
    'div',
    { role: 'row', class: 'row head', 'aria-rowindex': 1 },
    el('div', { role: 'columnheader', class: 'name' }, 'Span'),
    el('div', { role: 'columnheader', class: 'lane', 'aria-label': 'Timeline' }, ...ticks),
    el('div', { role: 'columnheader', class: 'took' }, 'Duration'),
  );
}
