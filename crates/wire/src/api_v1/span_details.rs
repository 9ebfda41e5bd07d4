//! Spans with all their fields. They may be large, so they are written directly into the answer.

use ::serde::Serialize;
use ::span::{Attribute, Event, Link, Resource, Scope, Span, Status, Timestamp};

use super::answer_head::AnswerHead;
use super::ids;
use crate::JsonSpans;
use crate::json::{put, put_items, put_key, to_bytes};
use crate::otlp::{put_attribute_list, status_code};

fn put_member(out: &mut Vec<u8>, name: &str, value: &(impl Serialize + ?Sized)) {
    put_key(out, name);
    put(out, value);
}

/// Appends an absolute time in nanoseconds as a string, because numbers in a browser have only 53 bits.
fn put_time(out: &mut Vec<u8>, name: &str, time: Timestamp) {
    put_member(out, name, &time.to_string());
}

fn put_attributes(out: &mut Vec<u8>, attributes: &[Attribute<'_>], dropped: u32) {
    put_key(out, "attributes");
    put_attribute_list(out, attributes);
    put_member(out, "dropped_attributes", &dropped);
}

fn put_list<T>(out: &mut Vec<u8>, name: &str, items: &[T], put_item: fn(&mut Vec<u8>, &T)) {
    put_key(out, name);
    put_items(out, items, put_item);
}

/// Appends an object, or null if `value` is `None`.
fn put_object_member<T>(out: &mut Vec<u8>, name: &str, value: Option<&T>, put_members: fn(&mut Vec<u8>, &T)) {
    put_key(out, name);
    match value {
        Some(value) => put_object(out, value, put_members),
        None => put(out, &()),
    }
}

fn put_object<T>(out: &mut Vec<u8>, value: &T, put_members: fn(&mut Vec<u8>, &T)) {
    out.push(b'{');
    put_members(out, value);
    out.push(b'}');
}

fn put_span(out: &mut Vec<u8>, span: &Span<'_>) {
    let extras = span.extras.copied().unwrap_or_default();
    out.push(b'{');
    put_member(out, "trace_id", &ids::trace_id(span.trace_id));
    put_member(out, "span_id", &ids::span_id(span.span_id));
    put_member(out, "parent_span_id", &span.parent_span_id.map(ids::span_id));
    put_member(out, "service", span.service);
    put_member(out, "operation", span.name);
    put_member(out, "kind", &span.kind.0);
    put_member(out, "flags", &span.flags);
    put_member(out, "trace_state", extras.trace_state);
    put_time(out, "start_ns", span.start);
    put_time(out, "end_ns", span.end);
    put_status(out, span.status, extras.status_message);
    put_attributes(out, span.attributes, extras.dropped_attributes);
    put_list(out, "events", extras.events, |out, event| put_object(out, event, put_event));
    put_member(out, "dropped_events", &extras.dropped_events);
    put_list(out, "links", extras.links, |out, link| put_object(out, link, put_link));
    put_member(out, "dropped_links", &extras.dropped_links);
    put_object_member(
        out,
        "resource",
        span.resource_scope.map(|resource_scope| &resource_scope.resource),
        put_resource,
    );
    put_object_member(
        out,
        "scope",
        span.resource_scope.map(|resource_scope| &resource_scope.scope),
        put_scope,
    );
    out.push(b'}');
}

fn put_status(out: &mut Vec<u8>, status: Status, message: &str) {
    put_key(out, "status");
    out.push(b'{');
    put_member(out, "code", &status_code(status));
    put_member(out, "message", message);
    out.push(b'}');
}

fn put_event(out: &mut Vec<u8>, event: &Event<'_>) {
    put_time(out, "time_ns", event.time);
    put_member(out, "name", event.name);
    put_attributes(out, event.attributes, event.dropped_attributes);
}

fn put_link(out: &mut Vec<u8>, link: &Link<'_>) {
    put_member(out, "trace_id", &ids::trace_id(link.trace_id));
    put_member(out, "span_id", &ids::span_id(link.span_id));
    put_member(out, "trace_state", link.trace_state);
    put_member(out, "flags", &link.flags);
    put_attributes(out, link.attributes, link.dropped_attributes);
}

fn put_resource(out: &mut Vec<u8>, resource: &Resource<'_>) {
    put_attributes(out, resource.attributes, resource.dropped_attributes);
    put_member(out, "schema_url", resource.schema_url);
}

fn put_scope(out: &mut Vec<u8>, scope: &Scope<'_>) {
    put_member(out, "name", scope.name);
    put_member(out, "version", scope.version);
    put_attributes(out, scope.attributes, scope.dropped_attributes);
    put_member(out, "schema_url", scope.schema_url);
}

/// Begins an answer: writes its head and the key of its last member, which is called `name`.
fn begin(head: AnswerHead<'_>, name: &str) -> Vec<u8> {
    let mut out = to_bytes(&head);
    let end = out.pop();
    debug_assert_eq!(end, Some(b'}'), "the head is written as an object");
    put_key(&mut out, name);
    out
}

/// Writes the answer with the details of one span.
pub fn one_span(head: AnswerHead<'_>, span: &Span<'_>) -> Vec<u8> {
    let mut out = begin(head, "span");
    put_span(&mut out, span);
    out.push(b'}');
    out
}

/// Begins the answer with the details of several spans, which are then pushed to the result.
pub fn spans(head: AnswerHead<'_>) -> JsonSpans {
    let mut out = begin(head, "spans");
    out.push(b'[');
    JsonSpans::new(out, put_span)
}
