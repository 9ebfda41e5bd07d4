// Trace and span ids: 32 or 16 hexadecimal digits on the page, UUIDs in the contract.

export function parseTraceId(text: string): string | null {
  const digits = text.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits) ? digits : null;
}

/** With hyphens, as the contract writes them. */
export function uuidOf(digits: string): string {
  const all = digits.padStart(32, '0');
  return [all.slice(0, 8), all.slice(8, 12), all.slice(12, 16), all.slice(16, 20), all.slice(20)].join('-');
}

/** Without hyphens, and without the eight zero bytes before an OpenTelemetry span id. */
export function shortSpanId(uuid: string): string {
  const digits = uuid.replaceAll('-', '').toLowerCase();
  return digits.length === 32 && digits.startsWith('0000000000000000') ? digits.slice(16) : digits;
}
