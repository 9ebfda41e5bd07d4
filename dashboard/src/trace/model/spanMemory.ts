// Keeps spans that have been read whole, so that they stay readable after their trace has left the window.

import type { Span } from '../../api/types';

/** Limit: a span with long attributes takes some 10 kB. Those read last are kept. */
const HELD_MAX = 2000;

export class SpanMemory {
  private readonly spans = new Map<string, Span>();

  get(id: string): Span | undefined {
    return this.spans.get(id);
  }

  keep(spans: Iterable<Span>): void {
    for (const span of spans) {
      this.spans.delete(span.span_id);
      this.spans.set(span.span_id, span);
    }
    for (const oldest of this.spans.keys()) {
      if (this.spans.size <= HELD_MAX) return;
      this.spans.delete(oldest);
    }
  }
}

/**
 * Reads spans by their ids, at most `most` in one request. An answer may be cut short, so spans that it leaves out are asked
 * for again; an answer without any span means that those have left the window.
 */
export async function readSpans(
  ids: readonly string[],
  most: number,
  ask: (ids: string[]) => Promise<readonly Span[]>,
  onProgress: (done: number) => void = () => undefined,
): Promise<Map<string, Span>> {
  const found = new Map<string, Span>();
  let wanted = [...new Set(ids)];
  const all = wanted.length;
  while (wanted.length > 0) {
    const batch = wanted.slice(0, most);
    const before = found.size;
    for (const span of await ask(batch)) found.set(span.span_id, span);
    const left = found.size > before ? batch.filter((id) => !found.has(id)) : [];
    wanted = [...left, ...wanted.slice(most)];
    onProgress(all - wanted.length);
  }
  return found;
}
