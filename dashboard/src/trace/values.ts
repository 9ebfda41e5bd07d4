// Attribute values as text. Pure.

import type { AnyValue } from '../api/types';

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

const KINDS = ['', 'internal', 'server', 'client', 'producer', 'consumer'];
const GLYPHS = ['', '', '⇥', '↦', '⇢', '⇠'];

export const kindName = (kind: number): string => KINDS[kind] ?? `kind ${kind}`;
export const kindGlyph = (kind: number): string => GLYPHS[kind] ?? '';
