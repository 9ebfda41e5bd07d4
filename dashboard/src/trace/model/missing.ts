// Missing parents: spans that others name as their parent, but that were not received. Each gets a row with its children.

import { MISSING_PARENT, NO_PARENT, type SpanColumns } from './columns';

/** Their operation. */
const NAME = 'missing span';

export const isMissingSpan = (columns: SpanColumns, span: number): boolean => span >= columns.recorded;

/** The positions of spans whose parent is missing. */
export function orphansOf({ recorded, parent }: SpanColumns): number[] {
  const orphans: number[] = [];
  for (let span = 0; span < recorded; span += 1) if (parent[span] === MISSING_PARENT) orphans.push(span);
  return orphans;
}

/** The columns with a position for each missing parent whose id `parentOf` knows. Its duration is 0. */
export function withMissing(columns: SpanColumns, parentOf: (span: number) => string | null): SpanColumns {
  const { recorded } = columns;
  const positions = new Map<string, number>();
  const named: [number, number][] = [];
  for (const span of orphansOf(columns)) {
    const id = parentOf(span);
    if (id === null) continue;
    if (!positions.has(id)) positions.set(id, recorded + positions.size);
    named.push([span, positions.get(id)!]);
  }
  if (named.length === 0) return columns;
  const count = recorded + positions.size;
  const grown = longer(columns, count);
  const { parent, start, service, operation } = grown;
  parent.fill(NO_PARENT, recorded);
  operation.fill(columns.operations.length, recorded);
  // It begins with its first child; orphans are in the order of their starts.
  for (const [span, position] of named.toReversed()) {
    parent[span] = position;
    start[position] = start[span];
    service[position] = service[span];
  }
  return { ...grown, operations: [...columns.operations, NAME], ids: [...columns.ids, ...positions.keys()] };
}

function longer(columns: SpanColumns, count: number): SpanColumns {
  const copied = <T extends { set(from: T): void }>(from: T, to: T): T => {
    to.set(from);
    return to;
  };
  return {
    ...columns,
    count,
    start: copied(columns.start, new Float64Array(count)),
    duration: copied(columns.duration, new Float64Array(count)),
    parent: copied(columns.parent, new Int32Array(count)),
    service: copied(columns.service, new Uint16Array(count)),
    operation: copied(columns.operation, new Uint32Array(count)),
    kind: copied(columns.kind, new Uint8Array(count)),
    flags: copied(columns.flags, new Uint8Array(count)),
    events: copied(columns.events, new Uint32Array(count)),
    links: copied(columns.links, new Uint32Array(count)),
  };
}
