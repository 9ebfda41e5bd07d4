// When the events of the spans in sight happened. The columns only say how many there are, so their spans are fetched,
// a batch at a time, once the rows have stood still for a moment.

import { useEffect, useRef, useState } from 'react';

import type { LoadedTrace } from './loading';

/** By position in the columns: how long after the start of the span, in ns. */
export type EventTimes = ReadonlyMap<number, readonly number[]>;

/** Rows that only pass by are not asked for. */
const STILL_MS = 150;
/** Limit: no screen has more rows; it is also the most that one request may ask for. */
const BATCH_MAX = 500;

export function useEventTimes(loaded: LoadedTrace, positions: readonly number[]): EventTimes {
  const [known, setKnown] = useState<{ loaded: LoadedTrace; times: EventTimes }>({ loaded, times: new Map() });
  const times = known.loaded === loaded ? known.times : NONE;
  const asked = useRef<{ loaded: LoadedTrace; positions: Set<number> }>({ loaded, positions: new Set() });
  if (asked.current.loaded !== loaded) asked.current = { loaded, positions: new Set() };
  const wanted = positions.filter((position) => loaded.columns.events[position] > 0 && !asked.current.positions.has(position)).slice(0, BATCH_MAX);
  const key = wanted.join();
  useEffect(() => {
    if (key === '') return undefined;
    const timer = setTimeout(() => {
      const batch = key.split(',').map(Number);
      for (const position of batch) asked.current.positions.add(position);
      // Ticks are an extra: without them the bar is there all the same.
      void fetchTimes(loaded, batch).then(
        (more) => setKnown((now) => ({ loaded, times: new Map([...(now.loaded === loaded ? now.times : NONE), ...more]) })),
        () => undefined,
      );
    }, STILL_MS);
    return () => clearTimeout(timer);
  }, [loaded, key]);
  return times;
}

const NONE: EventTimes = new Map();

async function fetchTimes(loaded: LoadedTrace, batch: readonly number[]): Promise<[number, number[]][]> {
  const { baseNs, start, ids } = loaded.columns;
  const spans = await loaded.spans(batch, () => undefined);
  // Spans that have left in the meantime are left out of the answer.
  const byId = new Map(spans.map((span) => [span.span_id, span]));
  return batch.map((position) => [position, (byId.get(ids[position])?.events ?? []).map((event) => Number(BigInt(event.time_ns) - baseNs) - start[position])]);
}
