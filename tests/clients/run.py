"""Sends spans with OpenTelemetry's SDK for Python, and compares what comes back with what was sent.

    run.py COMMAND…     starts the server, reads its addresses from what it says, and stops it at the end
"""

import json
import re
import subprocess
import sys
import time
import urllib.request

from grpc import Compression as GrpcCompression
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression as HttpCompression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode

STOP_SECONDS = 20
MS = 1_000_000
KINDS = {kind: kind.value + 1 for kind in SpanKind}


class Recorder(SpanExporter):
    """Hands spans on to an exporter, and keeps them."""

    def __init__(self, exporter):
        self.exporter, self.spans = exporter, []

    def export(self, spans):
        self.spans.extend(spans)
        result = self.exporter.export(spans)
        assert result == SpanExportResult.SUCCESS, result
        return result

    def shutdown(self):
        self.exporter.shutdown()


def send(exporter, name):
    """A trace with everything that the SDK can say; the spans as the SDK has them."""
    recorder = Recorder(exporter)
    provider = TracerProvider(resource=Resource.create({"service.name": name, "numbers": [1, 2]}))
    provider.add_span_processor(SimpleSpanProcessor(recorder))
    tracer = provider.get_tracer("clients", "1.2", schema_url="https://example.org/1", attributes={"a": True})
    start = time.time_ns() - 1000 * MS
    root = tracer.start_span("root", kind=SpanKind.SERVER, start_time=start)
    context = trace.set_span_in_context(root)
    for number, kind in enumerate(SpanKind):
        child = tracer.start_span(
            f"child {number}",
            context,
            kind=kind,
            links=[trace.Link(root.get_span_context(), {"why": "sibling"})],
            attributes={"text": "Grüße, 世界", "yes": True, "int": -7, "double": 0.1, "list": ["a", "b"]},
            start_time=start + number * MS,
        )
        child.add_event("event", {"number": number}, timestamp=start + number * MS + 1)
        child.set_status(Status(StatusCode.ERROR, "broken") if number % 2 else Status(StatusCode.OK))
        child.end(end_time=start + 900 * MS + number)
    root.end(end_time=start + 950 * MS)
    provider.shutdown()
    return recorder.spans


def value(of):
    """A value as JSON has it."""
    if isinstance(of, bool):
        return {"boolValue": of}
    if isinstance(of, int):
        return {"intValue": str(of)}
    if isinstance(of, float):
        return {"doubleValue": of}
    if isinstance(of, str):
        return {"stringValue": of}
    return {"arrayValue": {"values": [value(one) for one in of]}}


def attributes(of):
    return {"attributes": [{"key": key, "value": value(one)} for key, one in of.items()]} if of else {}


def expected(span):
    """The span that the SDK has, as it should come back. Flags are the exporter's own."""
    fields = {
        "traceId": f"{span.context.trace_id:032x}",
        "spanId": f"{span.context.span_id:016x}",
        "name": span.name,
        "kind": KINDS[span.kind],
        "startTimeUnixNano": str(span.start_time),
        "endTimeUnixNano": str(span.end_time),
        **attributes(span.attributes),
    }
    if span.parent:
        fields["parentSpanId"] = f"{span.parent.span_id:016x}"
    if span.events:
        fields["events"] = [
            {"timeUnixNano": str(event.timestamp), "name": event.name, **attributes(event.attributes)}
            for event in span.events
        ]
    if span.links:
        fields["links"] = [
            {
                "traceId": f"{link.context.trace_id:032x}",
                "spanId": f"{link.context.span_id:016x}",
                **attributes(link.attributes),
            }
            for link in span.links
        ]
    if span.status.status_code != StatusCode.UNSET:
        message = {"message": span.status.description} if span.status.description else {}
        fields["status"] = {**message, "code": span.status.status_code.value}
    return fields


def without_flags(span):
    for one in [span, *span.get("links", [])]:
        assert one.pop("flags") & 0x100, "the exporter says whether the parent is remote"
    return span


def check(url, sent):
    trace_id = f"{sent[0].context.trace_id:032x}"
    with urllib.request.urlopen(f"{url}/api/v1/traces/{trace_id}") as answer:
        (found,) = json.load(answer)["resourceSpans"]
    assert found["resource"] == attributes(sent[0].resource.attributes), found["resource"]
    (scoped,) = found["scopeSpans"]
    assert scoped["schemaUrl"] == "https://example.org/1"
    assert scoped["scope"] == {"name": "clients", "version": "1.2", **attributes({"a": True})}
    spans = {span["spanId"]: without_flags(span) for span in scoped["spans"]}
    assert len(spans) == len(sent)
    for span in sent:
        wanted = expected(span)
        assert spans[wanted["spanId"]] == wanted, f"{spans[wanted['spanId']]}\n{wanted}"


def addresses(server):
    """The main address from the first line, and those of the receivers from the log."""
    main = re.search(r"http://(\S+)", server.stdout.readline()).group(1)
    found = {}
    while len(found) < 2:
        line = server.stderr.readline()
        if match := re.search(r"OTLP over (\w+) is taken.*address=(\S+)", line):
            found[match.group(1)] = match.group(2)
    return f"http://{main}", found["gRPC"], f"http://{found['HTTP']}"


def main(command):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    server = subprocess.Popen(command, **pipes)
    try:
        url, grpc, http = addresses(server)
        exporters = {
            "gRPC": GrpcExporter(endpoint=grpc, insecure=True),
            "gRPC, gzip": GrpcExporter(endpoint=grpc, insecure=True, compression=GrpcCompression.Gzip),
            "HTTP": HttpExporter(endpoint=f"{http}/v1/traces"),
            "HTTP, gzip": HttpExporter(endpoint=f"{http}/v1/traces", compression=HttpCompression.Gzip),
            "HTTP, main address": HttpExporter(endpoint=f"{url}/v1/traces"),
        }
        for name, exporter in exporters.items():
            sent = send(exporter, name)
            check(url, sent)
            print(f"{name}: {len(sent)} spans came back as they were", flush=True)
    finally:
        server.terminate()
        server.wait(STOP_SECONDS)


if __name__ == "__main__":
    main(sys.argv[1:])
