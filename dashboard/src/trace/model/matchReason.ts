// Finds the part of a span that has a text, other than its names and its id. Pure.

import type { Attribute, Span } from '../../api/types';
import { formatValue } from './values';

export type MatchReason = { key: string; text: string };

/**
 * Looks where the server's search looks: attributes of the span, of its events and of its resource, names of events, the
 * status message.
 */
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

/** Limit: so much fits into a row. */
const AROUND_CHARS = 12;
const LINE_CHARS_MAX = 60;

/** One short line with the text and a little around it. */
export function matchReasonLine({ key, text }: MatchReason, wanted: string): string {
  const at = text.toLowerCase().indexOf(wanted.trim().toLowerCase());
  const from = Math.max(0, at - AROUND_CHARS);
  const line = `${key} = ${from > 0 ? '…' : ''}${text.slice(from)}`.replaceAll(/\s+/g, ' ');
  return line.length > LINE_CHARS_MAX ? `${line.slice(0, LINE_CHARS_MAX)}…` : line;
}
