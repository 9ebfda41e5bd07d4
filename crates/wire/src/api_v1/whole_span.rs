//! Single spans with all that they have, written where they stand in the answer: they may be large.

use ::serde::Serialize;
use ::span::{Attribute, Event, Link, Resource, Scope, Span, Status, Timestamp};

use super::head::{Head, body};
use super::ids;
use crate::JsonSpans;
use crate::otlp::{key, put, put_items, put_json_attributes};

fn member(out: &mut Vec<u8>, name: &str, value: &(impl Serialize + ?Sized)) {
    key(out, name);
    put(out, value);
}

/// Absolute times are text.
fn time(out: &mut Vec<u8>, name: &str, time: Timestamp) {
    member(out, name, &time.to_string());
}

fn attributes(out: &mut Vec<u8>, attributes: &[Attribute<'_>], dropped: u32) {
    key(out, "attributes");
    put_json_attributes(out, attributes);
    member(out, "dropped_attributes", &dropped);
}

fn list<T>(out: &mut Vec<u8>, name: &str, items: &[T], put_item: fn(&mut Vec<u8>, &T)) {
    key(out, name);
    put_items(out, items, put_item);
}

/// `null` where there is none.
fn object<T>(out: &mut Vec<u8>, name: &str, value: Option<&T>, put_members: fn(&mut Vec<u8>, &T)) {
    key(out, name);
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
    member(out, "trace_id", &ids::trace_id(span.trace_id));
    member(out, "span_id", &ids::span_id(span.span_id));
    member(out, "parent_span_id", &span.parent_span_id.map(ids::span_id));
    member(out, "service", span.service);
    member(out, "operation", span.name);
    member(out, "kind", &span.kind.0);
    member(out, "flags", &span.flags);
    member(out, "trace_state", extras.trace_state);
    time(out, "start_ns", span.start);
    time(out, "end_ns", span.end);
    put_status(out, span.status, extras.status_message);
    attributes(out, span.attributes, extras.dropped_attributes);
    list(out, "events", extras.events, |out, event| put_object(out, event, put_event));
    member(out, "dropped_events", &extras.dropped_events);
    list(out, "links", extras.links, |out, link| put_object(out, link, put_link));
    member(out, "dropped_links", &extras.dropped_links);
    object(out, "resource", span.resource_scope.map(|resource_scope| &resource_scope.resource), put_resource);
    object(out, "scope", span.resource_scope.map(|resource_scope| &resource_scope.scope), put_scope);
    out.push(b'}');
}

fn put_status(out: &mut Vec<u8>, status: Status, message: &str) {
    let code = match status {
        Status::Unset => 0,
        Status::Ok => 1,
        Status::Error => 2,
    };
    key(out, "status");
    out.push(b'{');
    member(out, "code", &code);
    member(out, "message", message);
    out.push(b'}');
}

fn put_event(out: &mut Vec<u8>, event: &Event<'_>) {
    time(out, "time_ns", event.time);
    member(out, "name", event.name);
    attributes(out, event.attributes, event.dropped_attributes);
}

fn put_link(out: &mut Vec<u8>, link: &Link<'_>) {
    member(out, "trace_id", &ids::trace_id(link.trace_id));
    member(out, "span_id", &ids::span_id(link.span_id));
    member(out, "trace_state", link.trace_state);
    member(out, "flags", &link.flags);
    attributes(out, link.attributes, link.dropped_attributes);
}

fn put_resource(out: &mut Vec<u8>, resource: &Resource<'_>) {
    attributes(out, resource.attributes, resource.dropped_attributes);
    member(out, "schema_url", resource.schema_url);
}

fn put_scope(out: &mut Vec<u8>, scope: &Scope<'_>) {
    member(out, "name", scope.name);
    member(out, "version", scope.version);
    attributes(out, scope.attributes, scope.dropped_attributes);
    member(out, "schema_url", scope.schema_url);
}

/// An answer up to its next member.
fn begin(head: Head<'_>, name: &str) -> Vec<u8> {
    let mut out = body(&head);
    let end = out.pop();
    debug_assert_eq!(end, Some(b'}'), "the head is an object");
    key(&mut out, name);
    out
}

/// What the question for one span is answered with.
pub fn one_span(head: Head<'_>, span: &Span<'_>) -> Vec<u8> {
    let mut out = begin(head, "span");
    put_span(&mut out, span);
    out.push(b'}');
    out
}

/// What the question for several spans is answered with.
pub fn spans(head: Head<'_>) -> JsonSpans {
    let mut out = begin(head, "spans");
    out.push(b'[');
    JsonSpans::new(out, put_span)
}
