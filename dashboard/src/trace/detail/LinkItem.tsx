// A link of a span to another span, in this trace or another one.

import { useQuery } from '@tanstack/react-query';

import { isMissing } from '../../api/failure';
import type { SpanLink } from '../../api/types';
import { useLive } from '../../live/LiveContext';
import { serviceName } from '../../traces/services';
import type { TraceTable } from '../../traces/table';
import { LocalLink } from '../../ui/LocalLink';
import { parseTraceId } from '../../url/ids';
import { hrefWith } from '../../url/location';
import { operationOf } from '../model/columns';
import type { LoadedTrace } from '../model/loading';
import { Attributes } from './Attributes';
import styles from './SpanDetail.module.css';

type Props = { loaded: LoadedTrace; link: SpanLink; isAsked: boolean; marked: string; onGo: (position: number) => void };

export function LinkItem({ loaded, link, isAsked, marked, onGo }: Props) {
  const { columns } = loaded;
  const { table } = useLive();
  const trace = parseTraceId(link.trace_id);
  const position = trace === columns.traceId ? columns.ids.indexOf(link.span_id) : -1;
  const isElsewhere = trace !== null && trace !== columns.traceId;
  const { data: target, error } = useQuery({
    queryKey: ['linked', trace, link.span_id],
    queryFn: ({ signal }) => loaded.linked!(trace!, link.span_id, signal),
    enabled: isElsewhere && isAsked && loaded.linked !== null,
  });
  const isGone = isMissing(error);
  return (
    <div className={styles['event']} data-testid="link">
      {position >= 0 && (
        <button type="button" className={styles['more']} onClick={() => onGo(position)}>
          {serviceName(columns.service[position])} {operationOf(columns, position)}
        </button>
      )}
      {isElsewhere && (
        <LocalLink href={hrefWith({ trace, beside: null, span: link.span_id, zoom: null, find: '', onlyMatches: false, marksSlowest: false, pruned: [] })}>
          {target ? `${target.service} ${target.operation}` : rootName(table, trace)}
        </LocalLink>
      )}
      <p className={styles['id']}>
        {position >= 0 ? 'in this trace, span ' : `trace ${link.trace_id}, span `}
        {link.span_id}
      </p>
      {isElsewhere && (target || isGone) && <p className={styles['soft']}>{target ? 'is in the window' : 'was not found: it has expired, or was never received'}</p>}
      {(link.attributes.length > 0 || link.dropped_attributes > 0) && <Attributes attributes={link.attributes} dropped={link.dropped_attributes} marked={marked} />}
    </div>
  );
}

/** The name of the root of a trace, where the overview holds it. */
function rootName(table: TraceTable, trace: string): string {
  const slot = table.find(trace);
  return slot === undefined ? 'another trace' : `${serviceName(table.service[slot])} ${table.operations[slot]}`;
}
