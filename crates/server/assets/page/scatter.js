// The chart: one point for each trace. Two canvases: the points, redrawn when data or size change, and above
// them the cursor, which alone follows the pointer.

import { byId, el, setText } from './dom.js';
import * as format from './format.js';
import { resolveColours, serviceColour } from './palette.js';
import { durationScale, nearest, timeScale, timeTicks } from './scale.js';

const MARGIN = { top: 10, right: 14, bottom: 26, left: 58 };
/** How far from a point the pointer still means it, in pixels. */
const REACH = 16;
const THEME = ['--ground', '--line', '--soft', '--text', '--bad', '--focus'];

export class Scatter {
  #traces = [];
  #range = { from: 0, until: 1 };
  #points = [];
  #size = 1;
  #current = null;
  #isByKey = false;

  constructor(onOpen) {
    this.dots = byId('dots');
    this.cursor = byId('cursor');
    this.card = byId('card');
    this.onOpen = onOpen;
    this.cursor.addEventListener('pointermove', (event) => this.#pointAt(event));
    this.cursor.addEventListener('pointerleave', () => this.#select(null));
    this.cursor.addEventListener('click', (event) => {
      this.#pointAt(event);
      this.#open();
    });
    this.cursor.addEventListener('keydown', (event) => this.#key(event));
    this.cursor.addEventListener('blur', () => this.#select(null));
    new ResizeObserver(() => this.#draw()).observe(this.dots.parentElement);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw());
  }

  /** Shows these traces (newest first) over the range of Unix milliseconds. */
  show(traces, range) {
    this.#traces = traces;
    this.#range = range;
    this.#draw();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.dots.parentElement;
    if (width === 0) return;
    const context = prepare(this.dots, width, height);
    prepare(this.cursor, width, height);
    const { from, until } = this.#range;
    const longest = this.#traces.reduce((most, trace) => Math.max(most, trace.duration_ms), 10);
    const x = timeScale(from, until, MARGIN.left, width - MARGIN.right);
    const scale = durationScale(longest, MARGIN.top, height - MARGIN.bottom);
    const colours = resolveColours(THEME);
    drawAxes(context, { width, height, x, scale, colours, from, until });
    // Oldest first, so that newer points lie above older ones, and errors above all.
    this.#points = this.#traces
      .map((trace) => ({ trace, x: x(trace.startMs), y: scale.y(trace.duration_ms) }))
      .reverse()
      .sort((left, right) => isError(left) - isError(right));
    // Many points in little room are drawn smaller.
    this.#size = Math.min(1, Math.max(0.6, Math.sqrt((width * height) / (this.#points.length * 100 + 1))));
    drawPoints(context, this.#points, colours, this.#size);
    this.#follow();
  }

  /** The trace under the cursor may have moved, or be gone. */
  #follow() {
    const id = this.#current?.trace.trace_id;
    this.#select(this.#points.find(({ trace }) => trace.trace_id === id) ?? null);
  }

  #pointAt(event) {
    const box = this.cursor.getBoundingClientRect();
    const at = nearest(this.#points, event.clientX - box.left, event.clientY - box.top, REACH);
    this.#isByKey = false;
    this.#select(this.#points[at] ?? null);
  }

  #select(point) {
    const isSame = point !== null && point.trace === this.#current?.trace;
    this.#current = point;
    const box = this.cursor;
    const context = prepare(box, box.clientWidth, box.clientHeight);
    box.classList.toggle('on-point', point !== null);
    this.card.hidden = point === null;
    if (point === null) return;
    const colours = resolveColours(THEME);
    ring(context, point, colours, this.#size);
    if (!isSame) this.card.replaceChildren(...cardLines(point.trace));
    placeCard(this.card, point, box);
    if (this.#isByKey && !isSame) this.#say(point.trace);
  }

  #say(trace) {
    const took = format.durationMs(trace.duration_ms);
    const place = this.#traces.indexOf(trace) + 1;
    setText(
      byId('chart-said'),
      `${trace.root_service} ${trace.root_operation}, ${took}, ${format.plural(trace.span_count, 'span')}, ` +
        `${trace.status}, ${place} of ${this.#traces.length}`,
    );
  }

  #key(event) {
    const steps = { ArrowLeft: 1, ArrowDown: 1, ArrowRight: -1, ArrowUp: -1, PageDown: 50, PageUp: -50 };
    const last = this.#traces.length - 1;
    const now = this.#current === null ? null : this.#traces.indexOf(this.#current.trace);
    let next;
    if (event.key === 'Enter') return this.#open();
    else if (event.key === 'Escape') return this.#select(null);
    else if (event.key === 'Home') next = last;
    else if (event.key === 'End') next = 0;
    else if (event.key in steps) next = now === null ? 0 : now + steps[event.key];
    else return;
    event.preventDefault();
    const trace = this.#traces[Math.min(last, Math.max(0, next))];
    this.#isByKey = true;
    this.#select(this.#points.find((point) => point.trace === trace) ?? null);
  }

  #open() {
    if (this.#current !== null) this.onOpen(this.#current.trace.trace_id);
  }
}

function isError({ trace }) {
  return trace.status === 'error';
}

/** Sizes the canvas for the screen's own pixels, clears it, and counts in CSS pixels from there. */
function prepare(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across) canvas.width = across;
  if (canvas.height !== down) canvas.height = down;
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

function drawAxes(context, { width, height, x, scale, colours, from, until }) {
  const line = (x1, y1, x2, y2) => {
    context.beginPath();
    context.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
    context.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
    context.stroke();
  };
  context.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  context.fillStyle = colours['--soft'];
  context.strokeStyle = colours['--line'];
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const tick of scale.ticks) {
    line(MARGIN.left, scale.y(tick), width - MARGIN.right, scale.y(tick));
    context.fillText(format.duration(tick * 1e6), MARGIN.left - 8, scale.y(tick));
  }
  for (const tick of scale.between) line(MARGIN.left - 4, scale.y(tick), MARGIN.left, scale.y(tick));
  context.fillText('< 1 ms', MARGIN.left - 8, scale.y(0));
  line(MARGIN.left, height - MARGIN.bottom, width - MARGIN.right, height - MARGIN.bottom);
  context.textAlign = 'center';
  const { ticks, step } = timeTicks(from, until, Math.max(2, Math.floor((width - MARGIN.left) / 90)));
  for (const tick of ticks) {
    line(x(tick), height - MARGIN.bottom, x(tick), height - MARGIN.bottom + 4);
    context.fillText(format.axisTime(tick, step), x(tick), height - MARGIN.bottom + 15);
  }
}

function drawPoints(context, points, colours, size) {
  const service = resolveColours([...new Set(points.map(({ trace }) => serviceColour(trace.root_service)))]);
  for (const point of points) {
    const { trace } = point;
    context.beginPath();
    shape(context, point, size * radius(trace));
    context.globalAlpha = isError(point) ? 1 : 0.75;
    context.fillStyle = isError(point) ? colours['--bad'] : service[serviceColour(trace.root_service)];
    context.fill();
    if (isError(point)) {
      context.strokeStyle = colours['--ground'];
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

/** Larger for more spans, by their logarithm. */
function radius(trace) {
  return Math.min(10, 2.5 + 1.5 * Math.log10(trace.span_count));
}

/** A diamond for an error, so that its colour is not needed to tell it. */
function shape(context, point, size) {
  const { x, y } = point;
  if (!isError(point)) return context.arc(x, y, size, 0, 2 * Math.PI);
  const half = size * 1.35;
  context.moveTo(x, y - half);
  context.lineTo(x + half, y);
  context.lineTo(x, y + half);
  context.lineTo(x - half, y);
  context.closePath();
}

function ring(context, point, colours, size) {
  context.beginPath();
  shape(context, point, size * radius(point.trace) + 3);
  context.lineWidth = 2;
  context.strokeStyle = colours['--text'];
  context.stroke();
  context.lineWidth = 1;
}

function cardLines(trace) {
  const status = trace.status === 'error' ? el('span', { class: 'bad' }, '◆ error') : 'ok';
  return [
    el('strong', {}, trace.root_service),
    el('span', { class: 'operation' }, trace.root_operation),
    el('span', {}, `${format.durationMs(trace.duration_ms)} · ${format.plural(trace.span_count, 'span')} · `, status),
    el('span', { class: 'soft' }, format.clock(trace.startMs)),
    el('code', {}, trace.trace_id),
  ];
}

/** Beside the point, on the side that has room. */
function placeCard(card, point, box) {
  const [width, height] = [card.offsetWidth, card.offsetHeight];
  const left = point.x + 14 + width > box.clientWidth ? point.x - 14 - width : point.x + 14;
  const top = point.y + 14 + height > box.clientHeight ? point.y - 14 - height : point.y + 14;
  card.style.left = `${Math.max(0, Math.min(left, box.clientWidth - width))}px`;
  card.style.top = `${Math.max(0, top)}px`;
}
