// Which part of a span has a text, beside its names and id. Pure.

import type { Attribute, Span } from '../../api/types';
import { formatValue } from './values';

export type MatchReason = { key: string; text: string };

/** As the server searches: keys and values of the span, of its events and of its resource, events' names, the message. */
export function findMatchReason(span: Span, text: string): MatchReason | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return null;
  const has = (part: string) => part.toLowerCase().includes(wanted);
  const inAttributes = (attributes: readonly Attribute[], prefix = ''): MatchReason | null => {
    for (const { key, value } of attributes) {
      const written = formatValue(value);
      if (has(key) || has(written)) return { key: prefix + key, text: written };
    }
    return null;
  };
  const own = inAttributes(span.attributes);
  if (own !== null) return own;
  for (const event of span.events) {
    if (has(event.name)) return { key: 'event', text: event.name };
    const inEvent = inAttributes(event.attributes, `${event.name}: `);
    if (inEvent !== null) return inEvent;
  }
  if (has(span.status.message)) return { key: 'status', text: span.status.message };
  return inAttributes(span.resource?.attributes ?? [], 'resource: ');
}

/** Limit: what a row has room for. */
const AROUND_CHARS = 12;
const LINE_CHARS_MAX = 60;

/** In one short line, with what stands around the text. */
export function matchReasonLine({ key, text }: MatchReason, wanted: string): string {
  const at = text.toLowerCase().indexOf(wanted.trim().toLowerCase());
  const from = Math.max(0, at - AROUND_CHARS);
  const line = `${key} = ${from > 0 ? '…' : ''}${text.slice(from)}`.replaceAll(/\s+/g, ' ');
  return line.length > LINE_CHARS_MAX ? `${line.slice(0, LINE_CHARS_MAX)}…` : line;
}
