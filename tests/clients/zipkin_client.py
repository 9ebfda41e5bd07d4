"""Sends spans with py_zipkin, and compares what comes back with what docs/zipkin.md says."""

import json
import time
import urllib.request
import uuid

from py_zipkin import Encoding, Kind
from py_zipkin.request_helpers import create_http_headers, extract_zipkin_attrs_from_headers
from py_zipkin.transport import BaseTransportHandler
from py_zipkin.zipkin import zipkin_client_span, zipkin_span

import compare

KINDS = {"SERVER": 2, "CLIENT": 3}
MICROSECOND_NS = 1000
EVERYTHING = 100.0


class Transport(BaseTransportHandler):
    """Posts payloads, and keeps their spans."""

    def __init__(self, url):
        super().__init__()
        self.url, self.sent = url, []

    def get_max_payload_bytes(self):
        return None

    def send(self, payload):
        body = payload.encode()
        self.sent += json.loads(body)
        request = urllib.request.Request(self.url, body, {"content-type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 202, answer.status


def check(server):
    transport = Transport(f"{server.url}/api/v2/spans")
    called(transport)
    trace_id = transport.sent[0]["traceId"].rjust(32, "0")
    answer = server.get(f"/api/v1/traces/{trace_id}")
    found = {span["name"]: (one["resource"], span) for one in answer["resourceSpans"] for span in spans_of(one)}
    wanted = {span["name"]: (resource(span), expected(span)) for span in transport.sent}
    assert wanted.keys() == {"GET /cart", "call payment", "POST /pay"}, wanted.keys()
    check_shared_span(found["POST /pay"][1], wanted["POST /pay"][1], wanted["call payment"][1])
    compare.same(found, wanted)
    spans = sorted((compare.contract(span, resource) for resource, span in wanted.values()), key=compare.in_order)
    compare.same(server.get(f"/traces/{uuid.UUID(trace_id)}")["spans"], spans)
    print(f"Zipkin, py_zipkin: {len(wanted)} spans came back unchanged", flush=True)


def spans_of(resource_spans):
    return [span for scoped in resource_spans["scopeSpans"] for span in scoped["spans"]]


def called(transport):
    """Records a service that calls another one, which fails. In Zipkin both sides of the call share one span."""
    shop = {"service_name": "shop", "transport_handler": transport, "encoding": Encoding.V2_JSON}
    with zipkin_span(
        span_name="GET /cart", kind=Kind.SERVER, host="127.0.0.1", port=8000, sample_rate=EVERYTHING, **shop
    ) as root:
        root.update_binary_annotations({"text": "Grüße, 世界"})
        with zipkin_client_span(service_name="shop", span_name="call payment") as call:
            call.add_annotation("sent", time.time())
            call.add_sa_binary_annotation(9000, "payment", "127.0.0.2")
            headers = create_http_headers()
            answered(transport, headers)


def answered(transport, headers):
    """Records the other side of the call, which knows only the headers, as another process would."""
    with zipkin_span(
        service_name="payment",
        span_name="POST /pay",
        kind=Kind.SERVER,
        zipkin_attrs=extract_zipkin_attrs_from_headers(headers),
        transport_handler=transport,
        encoding=Encoding.V2_JSON,
        host="127.0.0.2",
        port=9000,
    ) as span:
        span.update_binary_annotations({"error": "broken", "http.status_code": "500"})


def check_shared_span(found, server, client):
    """Checks that the server's side of a shared span has its own id, and is a child of the client's side."""
    assert server["spanId"] == client["spanId"] != found["spanId"], found
    server["spanId"], server["parentSpanId"] = found["spanId"], client["spanId"]


def resource(span):
    endpoint = span["localEndpoint"]
    # The address says which instance of the service it is.
    return {"attributes": [text("service.name", endpoint["serviceName"]), text("service.instance.id", endpoint["ipv4"])]}


def expected(span):
    start = span["timestamp"] * MICROSECOND_NS
    fields = {
        "traceId": span["traceId"].rjust(32, "0"),
        "spanId": span["id"],
        "name": span["name"],
        "kind": KINDS[span["kind"]],
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + span["duration"] * MICROSECOND_NS),
        "attributes": attributes(span),
    }
    if "parentId" in span:
        fields["parentSpanId"] = span["parentId"]
    if span.get("annotations"):
        fields["events"] = [
            {"timeUnixNano": str(one["timestamp"] * MICROSECOND_NS), "name": one["value"]}
            for one in span["annotations"]
        ]
    if "error" in span.get("tags", {}):
        fields["status"] = {"message": span["tags"]["error"], "code": 2}
    return fields


def attributes(span):
    said = [text(key, value) for key, value in span.get("tags", {}).items()]
    if "remoteEndpoint" in span:
        said.append(text("peer.service", span["remoteEndpoint"]["serviceName"]))
        said += address("peer", span["remoteEndpoint"])
    said += address("local", span["localEndpoint"])
    return said + ([{"key": "zipkin.shared", "value": {"boolValue": True}}] if span.get("shared") else [])


def address(side, endpoint):
    yield text(f"network.{side}.address", endpoint["ipv4"])
    yield {"key": f"network.{side}.port", "value": {"intValue": str(endpoint["port"])}}


def text(key, of):
    return {"key": key, "value": {"stringValue": of}}
