// What is shown when there is nothing to show: no data yet, no answer, no such trace.

import { byId, copyButton, el } from './dom.js';

/** Ids without crypto.randomUUID, which browsers keep from pages on plain HTTP. */
function uuid() {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0'));
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Tells how to send the first span. */
export function emptyState() {
  const command =
    `now=$(date +%s); curl -sS ${location.origin}/spans -H 'Content-Type: application/json' -d '{"spans":[{\n` +
    `  "trace_id":"${uuid()}", "span_id":"${uuid()}",\n` +
    `  "service":"checkout", "operation":"POST /checkout", "status":"ok",\n` +
    `  "start_time":'$now'000000000, "end_time":'$now'213000000}]}'`;
  const code = el('code', {}, command);
  return [
    el('h2', {}, 'No trace in the window yet'),
    el('p', {}, 'Send a span to this server, and it shows up here within three seconds:'),
    el('pre', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Command that sends a span' }, code),
    copyButton(code, 'Copy the command'),
    el('p', {}, 'All that the server takes and answers is in the ', el('a', { href: '/docs' }, 'API reference'), '.'),
  ];
}

/** Shows an error above what is there, which stays. */
export function showError(error, retry) {
  const banner = byId('banner');
  // The same text again would be read aloud again.
  if (!banner.hidden && banner.dataset.message === error.message) return;
  banner.dataset.message = error.message;
  banner.replaceChildren(el('p', {}, error.message), el('button', { type: 'button', onclick: retry }, 'Retry'));
  banner.hidden = false;
}

export function clearError() {
  byId('banner').hidden = true;
}

/** In place of a trace that the server does not have, or an id that is none. */
export function noTrace(traceId, error) {
  const isGone = error.status === 404;
  const why = isGone ? 'It is not in the window: it expired, or never arrived.' : error.message;
  return [
    el('p', { class: 'back' }, el('a', { href: '/', class: 'to-recent' }, '← Recent traces')),
    el('h1', { id: 'trace-title' }, isGone ? 'Trace not found' : 'This trace cannot be shown'),
    el('p', {}, el('code', {}, traceId)),
    el('p', {}, why),
  ];
}
