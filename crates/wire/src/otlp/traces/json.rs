//! The parts of `TracesData` as JSON. What says no more than its absence is left out, but for the lists in values:
//! some readers miss them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use span::{Attribute, Event, Extras, Link, Span, SpanId, Status, Value};

use super::owner::{as_attributes, resource_attributes, resource_scope_of, short_id, whole_ids};

/// Appends a key, and the comma in front of it where it is not the first of its object.
pub(crate) fn key(out: &mut Vec<u8>, name: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

pub(crate) fn put(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    serde_json::to_writer(out, value).expect("writing to memory does not fail");
}

fn put_text(out: &mut Vec<u8>, name: &str, text: &str) {
    if !text.is_empty() {
        key(out, name);
        put(out, text);
    }
}

fn put_number(out: &mut Vec<u8>, name: &str, number: i64) {
    if number != 0 {
        key(out, name);
        put(out, &number);
    }
}

/// Integers of 64 bits are strings in protobuf's JSON.
fn put_time(out: &mut Vec<u8>, name: &str, nanos: i64) {
    key(out, name);
    put(out, &nanos.cast_unsigned().to_string());
}

fn put_id(out: &mut Vec<u8>, name: &str, bytes: &[u8]) {
    key(out, name);
    out.push(b'"');
    for byte in bytes {
        let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
        out.extend([digit(byte >> 4), digit(byte & 0x0f)]);
    }
    out.push(b'"');
}

fn put_span_id(out: &mut Vec<u8>, name: &str, id: SpanId) {
    put_id(out, name, &short_id(id));
}

/// A list behind its key, or nothing where it is empty.
fn put_list<T>(
    out: &mut Vec<u8>,
    name: &str,
    items: impl IntoIterator<Item = T>,
    put_item: impl FnMut(&mut Vec<u8>, T),
) {
    let mut items = items.into_iter().peekable();
    if items.peek().is_some() {
        key(out, name);
        put_items(out, items, put_item);
    }
}

pub(crate) fn put_items<T>(
    out: &mut Vec<u8>,
    items: impl IntoIterator<Item = T>,
    mut put_item: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        put_item(out, item);
    }
    out.push(b']');
}

fn put_attributes<'a>(out: &mut Vec<u8>, attributes: impl IntoIterator<Item = &'a Attribute<'a>>) {
    put_list(out, "attributes", attributes, put_attribute);
}

/// A list of keys and values.
pub(crate) fn put_json_attributes(out: &mut Vec<u8>, attributes: &[Attribute<'_>]) {
    put_items(out, attributes, put_attribute);
}

fn put_attribute(out: &mut Vec<u8>, attribute: &Attribute<'_>) {
    out.push(b'{');
    key(out, "key");
    put(out, attribute.key);
    key(out, "value");
    put_value(out, attribute.value);
    out.push(b'}');
}

fn put_value(out: &mut Vec<u8>, value: Value<'_>) {
    out.push(b'{');
    match value {
        Value::Empty => {}
        Value::Text(text) => {
            key(out, "stringValue");
            put(out, text);
        }
        Value::Bool(value) => {
            key(out, "boolValue");
            put(out, &value);
        }
        Value::Int(value) => {
            key(out, "intValue");
            put(out, &value.to_string());
        }
        Value::Double(value) => {
            key(out, "doubleValue");
            put_double(out, value);
        }
        Value::Bytes(bytes) => {
            key(out, "bytesValue");
            put(out, &BASE64_STANDARD.encode(bytes));
        }
        Value::Array(values) => {
            out.extend_from_slice(b"\"arrayValue\":{\"values\":");
            put_items(out, values, |out, &value| put_value(out, value));
            out.push(b'}');
        }
        Value::Map(attributes) => {
            out.extend_from_slice(b"\"kvlistValue\":{\"values\":");
            put_items(out, attributes, put_attribute);
            out.push(b'}');
        }
    }
    out.push(b'}');
}

fn put_double(out: &mut Vec<u8>, value: f64) {
    if value.is_finite() {
        return put(out, &value);
    }
    let name = if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    };
    put(out, name);
}

/// The members of `ResourceSpans` but the spans, and a comma.
pub(super) fn put_resource(out: &mut Vec<u8>, span: &Span<'_>) {
    let resource = resource_scope_of(span).resource;
    out.extend_from_slice(b"\"resource\":{");
    let attributes: Vec<_> = resource_attributes(span).collect();
    put_attributes(out, &attributes);
    put_number(out, "droppedAttributesCount", resource.dropped_attributes.into());
    out.push(b'}');
    put_text(out, "schemaUrl", resource.schema_url);
    out.push(b',');
}

/// The members of `ScopeSpans` but the spans, and a comma.
pub(super) fn put_scope(out: &mut Vec<u8>, span: &Span<'_>) {
    let scope = resource_scope_of(span).scope;
    out.extend_from_slice(b"\"scope\":{");
    put_text(out, "name", scope.name);
    put_text(out, "version", scope.version);
    put_attributes(out, scope.attributes);
    put_number(out, "droppedAttributesCount", scope.dropped_attributes.into());
    out.push(b'}');
    put_text(out, "schemaUrl", scope.schema_url);
    out.push(b',');
}

pub(super) fn put_resource_spans<'a>(
    out: &mut Vec<u8>,
    resource: &[u8],
    scopes: impl Iterator<Item = (&'a [u8], &'a [u8])>,
) {
    out.push(b'{');
    out.extend_from_slice(resource);
    out.extend_from_slice(b"\"scopeSpans\":");
    put_items(out, scopes, |out, (scope, spans)| {
        out.push(b'{');
        out.extend_from_slice(scope);
        out.extend_from_slice(b"\"spans\":[");
        out.extend_from_slice(spans);
        out.extend_from_slice(b"]}");
    });
    out.push(b'}');
}

pub(super) fn put_span(out: &mut Vec<u8>, span: &Span<'_>) {
    let extras = span.extras.copied().unwrap_or_default();
    out.push(b'{');
    put_id(out, "traceId", &span.trace_id.to_bytes());
    put_span_id(out, "spanId", span.span_id);
    if let Some(parent) = span.parent_span_id {
        put_span_id(out, "parentSpanId", parent);
    }
    put_text(out, "traceState", extras.trace_state);
    put_number(out, "flags", span.flags.into());
    put_text(out, "name", span.name);
    put_number(out, "kind", span.kind.0.into());
    put_time(out, "startTimeUnixNano", span.start.0);
    put_time(out, "endTimeUnixNano", span.end.0);
    let ids = whole_ids(span);
    let ids: Vec<_> = as_attributes(&ids).collect();
    put_attributes(out, span.attributes.iter().chain(&ids));
    put_number(out, "droppedAttributesCount", extras.dropped_attributes.into());
    put_list(out, "events", extras.events, put_event);
    put_number(out, "droppedEventsCount", extras.dropped_events.into());
    put_list(out, "links", extras.links, put_link);
    put_number(out, "droppedLinksCount", extras.dropped_links.into());
    put_status(out, span.status, &extras);
    out.push(b'}');
}

fn put_status(out: &mut Vec<u8>, status: Status, extras: &Extras<'_>) {
    let code = match status {
        Status::Unset if extras.status_message.is_empty() => return,
        Status::Unset => 0,
        Status::Ok => 1,
        Status::Error => 2,
    };
    key(out, "status");
    out.push(b'{');
    put_text(out, "message", extras.status_message);
    put_number(out, "code", code);
    out.push(b'}');
}

fn put_event(out: &mut Vec<u8>, event: &Event<'_>) {
    out.push(b'{');
    put_time(out, "timeUnixNano", event.time.0);
    put_text(out, "name", event.name);
    put_attributes(out, event.attributes);
    put_number(out, "droppedAttributesCount", event.dropped_attributes.into());
    out.push(b'}');
}

fn put_link(out: &mut Vec<u8>, link: &Link<'_>) {
    out.push(b'{');
    put_id(out, "traceId", &link.trace_id.to_bytes());
    put_span_id(out, "spanId", link.span_id);
    put_text(out, "traceState", link.trace_state);
    put_attributes(out, link.attributes);
    put_number(out, "droppedAttributesCount", link.dropped_attributes.into());
    put_number(out, "flags", link.flags.into());
    out.push(b'}');
}
