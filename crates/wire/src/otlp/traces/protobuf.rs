//! Writes the parts of `TracesData` as protobuf. Fields with default values are left out.

use span::{Attribute, Event, Link, Span, Status, Value};

use super::super::schema::{
    self, any_value, event, key_value, link, resource, resource_spans, scope, scope_spans, status, traces,
    values,
};
use super::super::status_code::status_code;
use super::ids::{as_attributes, long_ids, short_id};
use super::parts::WrittenResourceSpans;
use super::resource::{resource_attributes, resource_scope_of};
use crate::protobuf::{put_bytes, put_fixed32, put_fixed64, put_message, put_number};

fn put_text(out: &mut Vec<u8>, tag: u32, text: &str) {
    if !text.is_empty() {
        put_bytes(out, tag, text.as_bytes());
    }
}

fn put_count(out: &mut Vec<u8>, tag: u32, count: u32) {
    if count != 0 {
        put_number(out, tag, count.into());
    }
}

fn put_flags(out: &mut Vec<u8>, tag: u32, flags: u32) {
    if flags != 0 {
        put_fixed32(out, tag, flags);
    }
}

/// Appends an enum, which protobuf writes as a signed integer of 64 bits.
fn put_enumeration(out: &mut Vec<u8>, tag: u32, number: i32) {
    if number != 0 {
        put_number(out, tag, i64::from(number).cast_unsigned());
    }
}

fn put_attributes<'a>(out: &mut Vec<u8>, tag: u32, attributes: impl IntoIterator<Item = Attribute<'a>>) {
    for attribute in attributes {
        put_message(out, tag, |out| {
            put_text(out, key_value::KEY, attribute.key);
            put_message(out, key_value::VALUE, |out| put_value(out, attribute.value));
        });
    }
}

fn put_value(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Empty => {}
        Value::Text(text) => put_bytes(out, any_value::TEXT, text.as_bytes()),
        Value::Bool(value) => put_number(out, any_value::BOOL, value.into()),
        Value::Int(value) => put_number(out, any_value::INT, value.cast_unsigned()),
        Value::Double(value) => put_fixed64(out, any_value::DOUBLE, value.to_bits()),
        Value::Bytes(bytes) => put_bytes(out, any_value::BYTES, bytes),
        Value::Array(items) => put_message(out, any_value::ARRAY, |out| {
            for &item in items {
                put_message(out, values::VALUES, |out| put_value(out, item));
            }
        }),
        Value::Map(attributes) => put_message(out, any_value::MAP, |out| {
            put_attributes(out, values::VALUES, attributes.iter().copied());
        }),
    }
}

/// Appends all fields of `ResourceSpans` except its scopes.
pub(super) fn put_resource(out: &mut Vec<u8>, span: &Span<'_>) {
    let resource = resource_scope_of(span).resource;
    put_message(out, resource_spans::RESOURCE, |out| {
        put_attributes(out, resource::ATTRIBUTES, resource_attributes(span));
        put_count(out, resource::DROPPED, resource.dropped_attributes);
    });
    put_text(out, resource_spans::SCHEMA_URL, resource.schema_url);
}

/// Appends all fields of `ScopeSpans` except its spans.
pub(super) fn put_scope(out: &mut Vec<u8>, span: &Span<'_>) {
    let scope = resource_scope_of(span).scope;
    put_message(out, scope_spans::SCOPE, |out| {
        put_text(out, scope::NAME, scope.name);
        put_text(out, scope::VERSION, scope.version);
        put_attributes(out, scope::ATTRIBUTES, scope.attributes.iter().copied());
        put_count(out, scope::DROPPED, scope.dropped_attributes);
    });
    put_text(out, scope_spans::SCHEMA_URL, scope.schema_url);
}

pub(super) fn put_resource_spans(out: &mut Vec<u8>, written: &WrittenResourceSpans) {
    put_message(out, traces::RESOURCE_SPANS, |out| {
        out.extend_from_slice(&written.resource);
        for scope_spans in &written.scopes {
            put_message(out, resource_spans::SCOPE_SPANS, |out| {
                out.extend_from_slice(&scope_spans.scope);
                out.extend_from_slice(&scope_spans.spans);
            });
        }
    });
}

/// Appends a span as a field of `ScopeSpans`.
pub(super) fn put_span(out: &mut Vec<u8>, span: &Span<'_>) {
    put_message(out, scope_spans::SPANS, |out| {
        put_bytes(out, schema::span::TRACE_ID, &span.trace_id.to_bytes());
        put_bytes(out, schema::span::SPAN_ID, &short_id(span.span_id));
        if let Some(parent) = span.parent_span_id {
            put_bytes(out, schema::span::PARENT_SPAN_ID, &short_id(parent));
        }
        put_text(out, schema::span::NAME, span.name);
        put_enumeration(out, schema::span::KIND, span.kind.0);
        put_fixed64(out, schema::span::START, span.start.0.cast_unsigned());
        put_fixed64(out, schema::span::END, span.end.0.cast_unsigned());
        let ids = long_ids(span);
        put_attributes(
            out,
            schema::span::ATTRIBUTES,
            span.attributes.iter().copied().chain(as_attributes(&ids)),
        );
        put_flags(out, schema::span::FLAGS, span.flags);
        put_extras(out, span);
    });
}

fn put_extras(out: &mut Vec<u8>, span: &Span<'_>) {
    let extras = span.extras.copied().unwrap_or_default();
    put_text(out, schema::span::TRACE_STATE, extras.trace_state);
    put_count(out, schema::span::DROPPED_ATTRIBUTES, extras.dropped_attributes);
    extras.events.iter().for_each(|event| put_event(out, event));
    put_count(out, schema::span::DROPPED_EVENTS, extras.dropped_events);
    extras.links.iter().for_each(|link| put_link(out, link));
    put_count(out, schema::span::DROPPED_LINKS, extras.dropped_links);
    if span.status == Status::Unset && extras.status_message.is_empty() {
        return;
    }
    put_message(out, schema::span::STATUS, |out| {
        put_text(out, status::MESSAGE, extras.status_message);
        put_enumeration(out, status::CODE, status_code(span.status));
    });
}

fn put_event(out: &mut Vec<u8>, event: &Event<'_>) {
    put_message(out, schema::span::EVENTS, |out| {
        put_fixed64(out, event::TIME, event.time.0.cast_unsigned());
        put_text(out, event::NAME, event.name);
        put_attributes(out, event::ATTRIBUTES, event.attributes.iter().copied());
        put_count(out, event::DROPPED, event.dropped_attributes);
    });
}

fn put_link(out: &mut Vec<u8>, link: &Link<'_>) {
    put_message(out, schema::span::LINKS, |out| {
        put_bytes(out, link::TRACE_ID, &link.trace_id.to_bytes());
        put_bytes(out, link::SPAN_ID, &short_id(link.span_id));
        put_text(out, link::TRACE_STATE, link.trace_state);
        put_attributes(out, link::ATTRIBUTES, link.attributes.iter().copied());
        put_count(out, link::DROPPED, link.dropped_attributes);
        put_flags(out, link::FLAGS, link.flags);
    });
}
