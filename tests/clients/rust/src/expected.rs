//! The trace that has to come back, made from what the SDK recorded and not from what the exporter wrote.

use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{Event, Link, SpanContext, SpanId, SpanKind, Status};
use opentelemetry::{Array, InstrumentationScope, KeyValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanData;
use serde_json::{Map, Value as Json, json};

/// The protocol's flag that it is known whether the other span is remote.
const REMOTE_IS_KNOWN: u32 = 0x100;
/// The protocol's flag that the other span is remote.
const IS_REMOTE: u32 = 0x200;

pub(crate) fn trace(
    name: &str,
    resource: &Resource,
    scope: &InstrumentationScope,
    spans: &[SpanData],
) -> Json {
    let resource = resource.iter().map(|(key, of)| json!({"key": key.as_str(), "value": value(of)}));
    json!({
        "name": name,
        "resource": {"attributes": resource.collect::<Vec<_>>()},
        "scope": present(json!({
            "name": scope.name(),
            "version": scope.version(),
            "attributes": attributes(scope.attributes()),
        })),
        "schemaUrl": scope.schema_url(),
        "spans": spans.iter().map(span).collect::<Vec<_>>(),
    })
}

fn span(of: &SpanData) -> Json {
    let has_parent = of.parent_span_id != SpanId::INVALID;
    present(json!({
        "traceId": of.span_context.trace_id().to_string(),
        "spanId": of.span_context.span_id().to_string(),
        "parentSpanId": has_parent.then(|| of.parent_span_id.to_string()),
        "traceState": of.span_context.trace_state().header(),
        "flags": flags(&of.span_context) | (u32::from(of.parent_span_is_remote) * IS_REMOTE),
        "name": of.name,
        "kind": kind(&of.span_kind),
        "startTimeUnixNano": nanoseconds(of.start_time),
        "endTimeUnixNano": nanoseconds(of.end_time),
        "attributes": attributes(&of.attributes),
        "droppedAttributesCount": of.dropped_attributes_count,
        "events": of.events.iter().map(event).collect::<Vec<_>>(),
        "droppedEventsCount": of.events.dropped_count,
        "links": of.links.iter().map(link).collect::<Vec<_>>(),
        "droppedLinksCount": of.links.dropped_count,
        "status": status(&of.status),
    }))
}

fn event(of: &Event) -> Json {
    present(json!({
        "timeUnixNano": nanoseconds(of.timestamp),
        "name": of.name,
        "attributes": attributes(&of.attributes),
        "droppedAttributesCount": of.dropped_attributes_count,
    }))
}

fn link(of: &Link) -> Json {
    present(json!({
        "traceId": of.span_context.trace_id().to_string(),
        "spanId": of.span_context.span_id().to_string(),
        "traceState": of.span_context.trace_state().header(),
        "flags": flags(&of.span_context) | (u32::from(of.span_context.is_remote()) * IS_REMOTE),
        "attributes": attributes(&of.attributes),
        "droppedAttributesCount": of.dropped_attributes_count,
    }))
}

fn flags(of: &SpanContext) -> u32 {
    u32::from(of.trace_flags().to_u8()) | REMOTE_IS_KNOWN
}

fn kind(of: &SpanKind) -> u32 {
    match of {
        SpanKind::Internal => 1,
        SpanKind::Server => 2,
        SpanKind::Client => 3,
        SpanKind::Producer => 4,
        SpanKind::Consumer => 5,
    }
}

fn status(of: &Status) -> Json {
    match of {
        Status::Unset => Json::Null,
        Status::Ok => json!({"code": 1}),
        Status::Error { description } => json!({"code": 2, "message": description}),
    }
}

fn attributes<'a>(of: impl IntoIterator<Item = &'a KeyValue>) -> Vec<Json> {
    of.into_iter().map(|of| json!({"key": of.key.as_str(), "value": value(&of.value)})).collect()
}

fn value(of: &Value) -> Json {
    match of {
        Value::Bool(of) => json!({"boolValue": of}),
        Value::I64(of) => json!({"intValue": of.to_string()}),
        Value::F64(of) => json!({"doubleValue": of}),
        Value::String(of) => json!({"stringValue": of.as_str()}),
        Value::Array(of) => json!({"arrayValue": {"values": values(of)}}),
        _ => panic!("add this kind of value to the client: {of:?}"),
    }
}

fn values(of: &Array) -> Vec<Json> {
    match of {
        Array::Bool(of) => of.iter().map(|of| value(&Value::Bool(*of))).collect(),
        Array::I64(of) => of.iter().map(|of| value(&Value::I64(*of))).collect(),
        Array::F64(of) => of.iter().map(|of| value(&Value::F64(*of))).collect(),
        Array::String(of) => of.iter().map(|of| value(&Value::String(of.clone()))).collect(),
        _ => panic!("add this kind of array to the client: {of:?}"),
    }
}

fn nanoseconds(of: SystemTime) -> String {
    of.duration_since(UNIX_EPOCH).expect("spans start after 1970").as_nanos().to_string()
}

/// Leaves out fields with default values, as OpenTelemetry's JSON does.
fn present(of: Json) -> Json {
    let Json::Object(fields) = of else { return of };
    let says = |of: &Json| *of != json!(null) && *of != json!("") && *of != json!(0) && *of != json!([]);
    Json::Object(fields.into_iter().filter(|(_, of)| says(of)).collect::<Map<_, _>>())
}
