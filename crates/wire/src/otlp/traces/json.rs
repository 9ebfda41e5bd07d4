//! Writes the parts of `TracesData` as JSON. Fields with default values are left out, except the lists in values,
//! because some readers fail without them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use span::{Attribute, Event, Extras, Link, Span, SpanId, Status, Value};

use super::super::status_code::status_code;
use super::ids::{as_attributes, long_ids, short_id};
use super::parts::WrittenResourceSpans;
use super::resource::{resource_attributes, resource_scope_of};
use crate::hex::hex_digits;
use crate::json::{non_finite_name, put, put_items, put_key};

fn put_text(out: &mut Vec<u8>, name: &str, text: &str) {
    if !text.is_empty() {
        put_key(out, name);
        put(out, text);
    }
}

fn put_number(out: &mut Vec<u8>, name: &str, number: i64) {
    if number != 0 {
        put_key(out, name);
        put(out, &number);
    }
}

/// Appends a time as a string, as protobuf's JSON writes all integers of 64 bits.
fn put_time(out: &mut Vec<u8>, name: &str, nanos: i64) {
    put_key(out, name);
    put(out, &nanos.cast_unsigned().to_string());
}

fn put_id(out: &mut Vec<u8>, name: &str, bytes: &[u8]) {
    put_key(out, name);
    out.push(b'"');
    for &byte in bytes {
        out.extend(hex_digits(byte));
    }
    out.push(b'"');
}

fn put_span_id(out: &mut Vec<u8>, name: &str, id: SpanId) {
    put_id(out, name, &short_id(id));
}

/// Appends a key and its list, or nothing if the list is empty.
fn put_list<T>(
    out: &mut Vec<u8>,
    name: &str,
    items: impl IntoIterator<Item = T>,
    put_item: impl FnMut(&mut Vec<u8>, T),
) {
    let mut items = items.into_iter().peekable();
    if items.peek().is_some() {
        put_key(out, name);
        put_items(out, items, put_item);
    }
}

fn put_attributes<'a>(out: &mut Vec<u8>, attributes: impl IntoIterator<Item = &'a Attribute<'a>>) {
    put_list(out, "attributes", attributes, put_attribute);
}

/// Appends an array of `KeyValue`.
pub(crate) fn put_attribute_list(out: &mut Vec<u8>, attributes: &[Attribute<'_>]) {
    put_items(out, attributes, put_attribute);
}

fn put_attribute(out: &mut Vec<u8>, attribute: &Attribute<'_>) {
    out.push(b'{');
    put_key(out, "key");
    put(out, attribute.key);
    put_key(out, "value");
    put_value(out, attribute.value);
    out.push(b'}');
}

fn put_value(out: &mut Vec<u8>, value: Value<'_>) {
    out.push(b'{');
    match value {
        Value::Empty => {}
        Value::Text(text) => {
            put_key(out, "stringValue");
            put(out, text);
        }
        Value::Bool(value) => {
            put_key(out, "boolValue");
            put(out, &value);
        }
        Value::Int(value) => {
            put_key(out, "intValue");
            put(out, &value.to_string());
        }
        Value::Double(value) => {
            put_key(out, "doubleValue");
            put_double(out, value);
        }
        Value::Bytes(bytes) => {
            put_key(out, "bytesValue");
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
    match non_finite_name(value) {
        None => put(out, &value),
        Some(name) => put(out, name),
    }
}

/// Appends all members of `ResourceSpans` except its scopes, and a comma.
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

/// Appends all members of `ScopeSpans` except its spans, and a comma.
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

pub(super) fn put_resource_spans(out: &mut Vec<u8>, written: &WrittenResourceSpans) {
    out.push(b'{');
    out.extend_from_slice(&written.resource);
    out.extend_from_slice(b"\"scopeSpans\":");
    put_items(out, &written.scopes, |out, scope_spans| {
        out.push(b'{');
        out.extend_from_slice(&scope_spans.scope);
        out.extend_from_slice(b"\"spans\":[");
        out.extend_from_slice(&scope_spans.spans);
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
    let ids = long_ids(span);
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
    if status == Status::Unset && extras.status_message.is_empty() {
        return;
    }
    put_key(out, "status");
    out.push(b'{');
    put_text(out, "message", extras.status_message);
    put_number(out, "code", status_code(status).into());
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
