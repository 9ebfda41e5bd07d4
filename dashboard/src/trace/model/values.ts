// Writes attribute values and kinds of spans as text. Pure.

import type { AnyValue } from '../../api/types';

export function formatValue(value: AnyValue): string {
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return String(value.boolValue);
  if (value.intValue !== undefined) return String(value.intValue);
  if (value.doubleValue !== undefined) return String(value.doubleValue);
  if (value.bytesValue !== undefined) return value.bytesValue;
  if (value.arrayValue !== undefined) return `[${(value.arrayValue.values ?? []).map(formatValue).join(', ')}]`;
  if (value.kvlistValue !== undefined) {
    return `{${(value.kvlistValue.values ?? []).map((entry) => `${entry.key}: ${formatValue(entry.value)}`).join(', ')}}`;
  }
  return '';
}

/** Limit: nobody reads a longer value line by line. */
const JSON_CHARS_MAX = 100_000;

/** Indents a text that is a JSON object or array; `null` for any other text. Numbers keep all their digits. */
export function indentedJson(text: string): string | null {
  if (!/^\s*[[{]/.test(text) || text.length > JSON_CHARS_MAX) return null;
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  let indent = '';
  // Strings match first and whole, so that their content is kept; then numbers and words; then brackets, commas and colons.
  return text.replaceAll(/("(?:\\.|[^"\\])*")|([^\s[\]{},:"]+)|\s+|([[{]\s*[\]}])|([[{])|([\]}])|([,:])/g, (_, string, word, empty, open, close, mark) => {
    if (open !== undefined) return `${open}\n${(indent += '  ')}`;
    if (close !== undefined) return `\n${(indent = indent.slice(2))}${close}`;
    if (mark !== undefined) return mark === ',' ? `,\n${indent}` : ': ';
    return string ?? word ?? empty?.replaceAll(/\s/g, '') ?? '';
  });
}

const KINDS = ['', 'internal', 'server', 'client', 'producer', 'consumer'];
const GLYPHS = ['', '', '⇥', '↦', '⇢', '⇠'];

export const kindName = (kind: number): string => KINDS[kind] ?? `kind ${kind}`;
export const kindGlyph = (kind: number): string => GLYPHS[kind] ?? '';
