// The trace that has to come back, made from what the SDK recorded and not from what the exporter wrote.

// Flags of the protocol: it is known whether the other span is remote; it is remote.
const REMOTE_IS_KNOWN = 0x100;
const IS_REMOTE = 0x200;

export function expectedTrace(name, spans) {
  const { resource, instrumentationScope: scope } = spans[0];
  return {
    name,
    resource: { attributes: attributes(resource.attributes) },
    scope: { name: scope.name, version: scope.version },
    schemaUrl: scope.schemaUrl,
    spans: spans.map(expectedSpan),
  };
}

function expectedSpan(span) {
  const context = span.spanContext();
  return present({
    ...ids(context),
    parentSpanId: span.parentSpanContext?.spanId,
    flags: flags(context.traceFlags, span.parentSpanContext?.isRemote),
    name: span.name,
    // The protocol counts kinds from 1, because its 0 means unspecified, which the SDK does not have.
    kind: span.kind + 1,
    startTimeUnixNano: nanoseconds(span.startTime),
    endTimeUnixNano: nanoseconds(span.endTime),
    attributes: attributes(span.attributes),
    droppedAttributesCount: span.droppedAttributesCount,
    events: span.events.map(expectedEvent),
    droppedEventsCount: span.droppedEventsCount,
    links: span.links.map(expectedLink),
    droppedLinksCount: span.droppedLinksCount,
    status: present({ code: span.status.code, message: span.status.message }),
  });
}

function expectedEvent(event) {
  return present({
    timeUnixNano: nanoseconds(event.time),
    name: event.name,
    attributes: attributes(event.attributes),
    droppedAttributesCount: event.droppedAttributesCount,
  });
}

function expectedLink(link) {
  return present({
    ...ids(link.context),
    flags: flags(link.context.traceFlags, link.context.isRemote),
    attributes: attributes(link.attributes),
    droppedAttributesCount: link.droppedAttributesCount,
  });
}

function ids(context) {
  return { traceId: context.traceId, spanId: context.spanId, traceState: context.traceState?.serialize() };
}

function flags(traceFlags, isRemote) {
  return traceFlags | REMOTE_IS_KNOWN | (isRemote ? IS_REMOTE : 0);
}

function nanoseconds([seconds, nanoseconds]) {
  return String(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
}

function attributes(of = {}) {
  return Object.entries(of).map(([key, one]) => ({ key, value: value(one) }));
}

function value(of) {
  if (Array.isArray(of)) return { arrayValue: { values: of.map(value) } };
  if (typeof of === "boolean") return { boolValue: of };
  if (typeof of === "string") return { stringValue: of };
  return Number.isInteger(of) ? { intValue: String(of) } : { doubleValue: of };
}

// Leaves out fields with default values, as OpenTelemetry's JSON does.
function present(fields) {
  const says = ([, of]) => (typeof of === "number" ? of !== 0 : of && Object.keys(of).length !== 0);
  return Object.fromEntries(Object.entries(fields).filter(says));
}
