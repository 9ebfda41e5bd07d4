"""Compares what came back with what was sent, field by field, in both APIs: /api/v1 and the contract.

A trace that was sent has `name`, `resource`, `scope`, `schemaUrl` and `spans`, in OpenTelemetry's JSON without default
values. Each client makes it from what its SDK recorded, not from what its exporter wrote.
"""

import json
import uuid


def check(server, sent):
    trace_id = sent["spans"][0]["traceId"]
    check_whole(server.get(f"/api/v1/traces/{trace_id}"), sent)
    check_contract(server.get(f"/traces/{uuid.UUID(trace_id)}"), sent)
    print(f"{sent['name']}: {len(sent['spans'])} spans came back unchanged", flush=True)


def check_whole(answer, sent):
    """Checks that the trace has all that was sent, unchanged, and nothing else."""
    (found,) = answer["resourceSpans"]
    (scoped,) = found.pop("scopeSpans")
    same({"resource": by_key(found.pop("resource"))}, {"resource": by_key(sent["resource"])})
    assert not found, found
    spans = {span["spanId"]: span for span in scoped.pop("spans")}
    same(scoped, {name: sent[name] for name in ("scope", "schemaUrl") if name in sent})
    wanted = {span["spanId"]: span for span in sent["spans"]}
    assert spans.keys() == wanted.keys(), f"{spans.keys()}\n{wanted.keys()}"
    for span_id, span in wanted.items():
        same(spans[span_id], span)


def check_contract(answer, sent):
    wanted = sorted((contract(span, sent["resource"]) for span in sent["spans"]), key=in_order)
    assert answer["trace_id"] == wanted[0]["trace_id"], answer["trace_id"]
    assert len(answer["spans"]) == len(wanted), len(answer["spans"])
    for found, span in zip(answer["spans"], wanted):
        same(found, span)


def in_order(span):
    return span["start_time"], span["span_id"]


def contract(span, resource):
    """Converts a span of OpenTelemetry's JSON to the contract's."""
    service = next(one["value"]["stringValue"] for one in resource["attributes"] if one["key"] == "service.name")
    fields = {
        "trace_id": str(uuid.UUID(span["traceId"])),
        "span_id": widened(span["spanId"]),
        "service": service,
        "operation": span["name"],
        "start_time": int(span["startTimeUnixNano"]),
        "end_time": int(span["endTimeUnixNano"]),
        "status": "error" if span.get("status", {}).get("code") == 2 else "ok",
        "tags": {one["key"]: text(plain(one["value"])) for one in span.get("attributes", [])},
    }
    if "parentSpanId" in span:
        fields["parent_span_id"] = widened(span["parentSpanId"])
    return fields


def widened(span_id):
    return str(uuid.UUID(span_id.rjust(32, "0")))


def plain(value):
    """Converts a value of OpenTelemetry's JSON to Python; bytes stay base64."""
    ((kind, of),) = value.items()
    if kind == "arrayValue":
        return [plain(one) for one in of.get("values", [])]
    return int(of) if kind == "intValue" else of


def text(of):
    if isinstance(of, str):
        return of
    return json.dumps(of, ensure_ascii=False, separators=(",", ":"))


def by_key(resource):
    """Some SDKs keep a resource's attributes in no order."""
    return sorted(resource["attributes"], key=lambda one: one["key"])


def same(found, wanted):
    assert found == wanted, f"\nfound  {json.dumps(found, sort_keys=True)}\nwanted {json.dumps(wanted, sort_keys=True)}"
