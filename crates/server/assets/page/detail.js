// All that one span holds.

import { copyButton, el } from './dom.js';
import * as format from './format.js';

/** The panel's content; `origin` is the trace's earliest start. */
export function spanDetail(row, origin, onClose) {
  const { span } = row;
  const isError = span.status === 'error';
  const close = el('button', { type: 'button', class: 'close', 'aria-label': 'Close the span', onclick: onClose }, '×');
  const tags = Object.entries(span.tags ?? {});
  return [
    el('div', { class: 'detail-head' }, el('h2', {}, span.operation), close),
    note(row.place),
    el(
      'dl',
      {},
      ...field('Service', span.service),
      ...field('Status', el('span', isError ? { class: 'bad' } : {}, isError ? '◆ error' : 'ok')),
      ...field('Duration', format.duration(Number(span.end_time - span.start_time))),
      ...field('Starts after', format.duration(Number(span.start_time - origin))),
      ...field('Start', el('code', {}, format.utc(span.start_time))),
      ...field('End', el('code', {}, format.utc(span.end_time))),
      ...idField('Span id', span.span_id),
      ...(span.parent_span_id ? idField('Parent id', span.parent_span_id) : []),
    ),
    el('h3', {}, tags.length === 0 ? 'No tags' : format.plural(tags.length, 'tag')),
    el('dl', { class: 'tags' }, ...tags.flatMap(([key, value]) => field(key, value))),
  ];
}

function field(name, value) {
  return [el('dt', {}, name), el('dd', {}, value)];
}

function idField(name, id) {
  const code = el('code', {}, id);
  return [el('dt', {}, name), el('dd', {}, code, ' ', copyButton(code))];
}

function note(place) {
  if (place === 'orphan') return el('p', { class: 'note' }, 'Its parent is not here: not arrived, or expired.');
  if (place === 'cycle') return el('p', { class: 'note' }, 'Its parents lead back to itself; shown from the earliest.');
  return null;
}
