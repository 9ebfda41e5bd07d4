// Spans that have been read whole. They stay readable when the server has let their trace go.

import type { Span } from '../../api/types';

/** Limit: of a larger trace those read last. A span with long attributes has some 10 kB. */
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
 * Spans by their ids, `most` a request. An answer may be cut short, so what it leaves out is asked for again; where it
 * brings nothing at all, those have left.
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
