// Writes spans as OTLP JSON (`ExportTraceServiceRequest`), to be kept or sent elsewhere. Pure.

import type { Attribute, Span } from '../../api/types';

/** OTLP span ids have eight bytes. An attribute keeps a longer id whole. */
const LONG_ID_KEY = 'traced.span_id';
const ID_DIGITS = 16;

export function exportOtlp(spans: readonly Span[]): object {
  const resources = new Map<string, { resource: object; schemaUrl: string; scopes: Map<string, { scope: object; schemaUrl: string; spans: object[] }> }>();
  for (const span of spans) {
    const resource = resourceOf(span);
    const scope = scopeOf(span);
    const group = getOrPut(resources, JSON.stringify(resource), () => ({ ...resource, scopes: new Map() }));
    getOrPut(group.scopes, JSON.stringify(scope), () => ({ ...scope, spans: [] as object[] })).spans.push(spanOf(span));
  }
  return {
    resourceSpans: [...resources.values()].map(({ resource, schemaUrl, scopes }) => ({ resource, scopeSpans: [...scopes.values()], schemaUrl })),
  };
}

function getOrPut<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** The service becomes an attribute of the resource where it is none yet. */
function resourceOf({ service, resource }: Span) {
  const attributes = resource?.attributes ?? [];
  const hasName = attributes.some((attribute) => attribute.key === 'service.name');
  const named: Attribute[] = hasName ? attributes : [{ key: 'service.name', value: { stringValue: service } }, ...attributes];
  return {
    resource: { attributes: named, droppedAttributesCount: resource?.dropped_attributes ?? 0 },
    schemaUrl: resource?.schema_url ?? '',
  };
}

function scopeOf({ scope }: Span) {
  const { name = '', version = '', attributes = [], dropped_attributes = 0, schema_url = '' } = scope ?? {};
  return { scope: { name, version, attributes, droppedAttributesCount: dropped_attributes }, schemaUrl: schema_url };
}

function spanOf(span: Span): object {
  const isLong = span.span_id.length > ID_DIGITS;
  const extra: Attribute[] = isLong ? [{ key: LONG_ID_KEY, value: { stringValue: span.span_id } }] : [];
  return {
    traceId: span.trace_id,
    spanId: shortened(span.span_id),
    ...(span.parent_span_id === null ? {} : { parentSpanId: shortened(span.parent_span_id) }),
    traceState: span.trace_state,
    flags: span.flags,
    name: span.operation,
    kind: span.kind,
    startTimeUnixNano: span.start_ns,
    endTimeUnixNano: span.end_ns,
    attributes: [...span.attributes, ...extra],
    droppedAttributesCount: span.dropped_attributes,
    events: span.events.map(({ time_ns, name, attributes, dropped_attributes }) => ({
      timeUnixNano: time_ns, name, attributes, droppedAttributesCount: dropped_attributes,
    })),
    droppedEventsCount: span.dropped_events,
    links: span.links.map(({ trace_id, span_id, trace_state, flags, attributes, dropped_attributes }) => ({
      traceId: trace_id, spanId: shortened(span_id), traceState: trace_state, flags, attributes, droppedAttributesCount: dropped_attributes,
    })),
    droppedLinksCount: span.dropped_links,
    status: span.status,
  };
}

const shortened = (id: string): string => id.slice(-ID_DIGITS);
