"""Sends spans with OpenTelemetry's SDK for Python."""

import base64
import time

from grpc import Compression as GrpcCompression
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression as HttpCompression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode

MS = 1_000_000
# Flags of the protocol: it is known whether the other span is remote; it is remote.
REMOTE_IS_KNOWN, IS_REMOTE = 0x100, 0x200
KINDS = {kind: kind.value + 1 for kind in SpanKind}
VALUES = {
    "text": "Grüße, 世界",
    "yes": True,
    "int": -(2**63),
    "double": 0.1,
    "list": ["a", "b"],
    "bytes": b"\x00\xff",
}


class Recorder(SpanExporter):
    """Passes spans on to an exporter, and keeps them."""

    def __init__(self, exporter):
        self.exporter, self.spans = exporter, []

    def export(self, spans):
        self.spans.extend(spans)
        result = self.exporter.export(spans)
        assert result == SpanExportResult.SUCCESS, result
        return result

    def shutdown(self):
        self.exporter.shutdown()


def exporters(server):
    packed, plain = {"compression": GrpcCompression.Gzip}, {"insecure": True}
    yield "gRPC", GrpcExporter(endpoint=server.grpc, **plain)
    yield "gRPC, gzip", GrpcExporter(endpoint=server.grpc, **plain, **packed)
    yield "protobuf", HttpExporter(endpoint=f"{server.http}/v1/traces")
    for compression in (HttpCompression.Gzip, HttpCompression.NoCompression):
        url = f"{server.url}/v1/traces"
        yield f"protobuf, main address, {compression.value}", HttpExporter(endpoint=url, compression=compression)


def send_all(server):
    """Sends a trace over each transport, with and without compression."""
    return [send(exporter, f"Python, {name}") for name, exporter in exporters(server)]


def send(exporter, name):
    """Sends a trace with every field that the SDK has, one span a request. Returns it as the SDK recorded it."""
    recorder = Recorder(exporter)
    provider = TracerProvider(
        resource=Resource.create({"service.name": name, "numbers": [1, 2]}),
        # The SDK drops what exceeds these limits, and counts it.
        span_limits=SpanLimits(max_events=2, max_links=1),
    )
    provider.add_span_processor(SimpleSpanProcessor(recorder))
    record_trace(provider.get_tracer("clients", "1.2", schema_url="https://example.org/1", attributes={"a": True}))
    provider.shutdown()
    return expected_trace(name, recorder.spans)


def record_trace(tracer):
    start = time.time_ns() - 1000 * MS
    root = tracer.start_span("root", kind=SpanKind.SERVER, start_time=start)
    for number, kind in enumerate(SpanKind):
        record_child(tracer, far(root.get_span_context()), number, kind, start + number * MS)
    root.end(end_time=start + 950 * MS)


def far(context):
    """The context as a remote parent: a trace state enters a trace with one."""
    state = trace.TraceState([("vendor", "state"), ("another", "1")])
    return trace.SpanContext(context.trace_id, context.span_id, True, context.trace_flags, state)


def record_child(tracer, parent, number, kind, start):
    child = tracer.start_span(
        f"child {number}",
        trace.set_span_in_context(trace.NonRecordingSpan(parent)),
        kind=kind,
        links=[trace.Link(parent, {"why": "parent"})] * 2,
        attributes=VALUES,
        start_time=start,
    )
    for name in ("first", "second", "third"):
        child.add_event(name, {"number": number}, timestamp=start + 1)
    child.set_status(Status(StatusCode.ERROR, "broken") if number % 2 else Status(StatusCode.OK))
    child.end(end_time=start + 900 * MS)


def expected_trace(name, spans):
    """The trace that has to come back, made from what the SDK recorded and not from what the exporter wrote."""
    scope = spans[0].instrumentation_scope
    return {
        "name": name,
        "resource": attributes(spans[0].resource.attributes),
        "scope": {"name": scope.name, "version": scope.version, **attributes(scope.attributes)},
        "schemaUrl": scope.schema_url,
        "spans": [expected_span(span) for span in spans],
    }


def expected_span(span):
    fields = {
        **ids(span.context),
        "flags": flags(span.parent),
        "name": span.name,
        "kind": KINDS[span.kind],
        "startTimeUnixNano": str(span.start_time),
        "endTimeUnixNano": str(span.end_time),
        **attributes(span.attributes),
        **dropped(Attributes=span.dropped_attributes, Events=span.dropped_events, Links=span.dropped_links),
    }
    if span.context.trace_state:
        fields["traceState"] = span.context.trace_state.to_header()
    if span.parent:
        fields["parentSpanId"] = f"{span.parent.span_id:016x}"
    if span.events:
        fields["events"] = [expected_event(event) for event in span.events]
    if span.links:
        fields["links"] = [expected_link(link) for link in span.links]
    if span.status.status_code != StatusCode.UNSET:
        message = {"message": span.status.description} if span.status.description else {}
        fields["status"] = {**message, "code": span.status.status_code.value}
    return fields


def expected_event(event):
    return {"timeUnixNano": str(event.timestamp), "name": event.name, **attributes(event.attributes)}


def expected_link(link):
    """This exporter does not send the trace state of a link."""
    return {**ids(link.context), "flags": flags(link.context), **attributes(link.attributes)}


def ids(context):
    return {"traceId": f"{context.trace_id:032x}", "spanId": f"{context.span_id:016x}"}


def flags(other):
    """This SDK does not set the flag for sampled spans."""
    return REMOTE_IS_KNOWN | (IS_REMOTE if other and other.is_remote else 0)


def dropped(**counts):
    return {f"dropped{what}Count": count for what, count in counts.items() if count}


def value(of):
    """Converts a value to OpenTelemetry's JSON."""
    if isinstance(of, bool):
        return {"boolValue": of}
    if isinstance(of, int):
        return {"intValue": str(of)}
    if isinstance(of, float):
        return {"doubleValue": of}
    if isinstance(of, str):
        return {"stringValue": of}
    if isinstance(of, bytes):
        return {"bytesValue": base64.b64encode(of).decode()}
    return {"arrayValue": {"values": [value(one) for one in of]}}


def attributes(of):
    return {"attributes": [{"key": key, "value": value(one)} for key, one in of.items()]} if of else {}
