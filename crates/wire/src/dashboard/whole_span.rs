//! Single spans with all that they have.

use ::serde::Serialize;
use ::span::{Attribute, Event, Extras, Link, Resource, Scope, Span, Status, Timestamp};
use serde_json::value::RawValue;

use super::head::{Head, body, nanos};
use super::ids;
use crate::otlp::put_json_attributes;

#[derive(Serialize)]
struct OneAnswer<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    span: &'a RawValue,
}

#[derive(Serialize)]
struct SomeAnswer<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    spans: &'a [Box<RawValue>],
}

#[derive(Serialize)]
struct WholeSpan<'a> {
    trace_id: String,
    span_id: String,
    parent_span_id: Option<String>,
    service: &'a str,
    operation: &'a str,
    kind: i32,
    flags: u32,
    trace_state: &'a str,
    #[serde(rename = "start_ns", serialize_with = "nanos")]
    start: Timestamp,
    #[serde(rename = "end_ns", serialize_with = "nanos")]
    end: Timestamp,
    status: StatusOf<'a>,
    attributes: Box<RawValue>,
    dropped_attributes: u32,
    events: Vec<EventOf<'a>>,
    dropped_events: u32,
    links: Vec<LinkOf<'a>>,
    dropped_links: u32,
    resource: Option<ResourceOf<'a>>,
    scope: Option<ScopeOf<'a>>,
}

#[derive(Serialize)]
struct StatusOf<'a> {
    code: u8,
    message: &'a str,
}

#[derive(Serialize)]
struct EventOf<'a> {
    #[serde(rename = "time_ns", serialize_with = "nanos")]
    time: Timestamp,
    name: &'a str,
    attributes: Box<RawValue>,
    dropped_attributes: u32,
}

#[derive(Serialize)]
struct LinkOf<'a> {
    trace_id: String,
    span_id: String,
    trace_state: &'a str,
    flags: u32,
    attributes: Box<RawValue>,
    dropped_attributes: u32,
}

#[derive(Serialize)]
struct ResourceOf<'a> {
    attributes: Box<RawValue>,
    dropped_attributes: u32,
    schema_url: &'a str,
}

#[derive(Serialize)]
struct ScopeOf<'a> {
    name: &'a str,
    version: &'a str,
    attributes: Box<RawValue>,
    dropped_attributes: u32,
    schema_url: &'a str,
}

fn attributes(attributes: &[Attribute<'_>]) -> Box<RawValue> {
    let mut out = Vec::new();
    put_json_attributes(&mut out, attributes);
    raw(out)
}

fn raw(json: Vec<u8>) -> Box<RawValue> {
    let text = String::from_utf8(json).expect("JSON of texts is text");
    RawValue::from_string(text).expect("it was just written")
}

impl<'a> From<&Span<'a>> for WholeSpan<'a> {
    fn from(span: &Span<'a>) -> Self {
        let extras: Extras<'a> = span.extras.copied().unwrap_or_default();
        let code = match span.status {
            Status::Unset => 0,
            Status::Ok => 1,
            Status::Error => 2,
        };
        Self {
            trace_id: ids::trace_id(span.trace_id),
            span_id: ids::span_id(span.span_id),
            parent_span_id: span.parent_span_id.map(ids::span_id),
            service: span.service,
            operation: span.name,
            kind: span.kind.0,
            flags: span.flags,
            trace_state: extras.trace_state,
            start: span.start,
            end: span.end,
            status: StatusOf { code, message: extras.status_message },
            attributes: attributes(span.attributes),
            dropped_attributes: extras.dropped_attributes,
            events: extras.events.iter().map(EventOf::from).collect(),
            dropped_events: extras.dropped_events,
            links: extras.links.iter().map(LinkOf::from).collect(),
            dropped_links: extras.dropped_links,
            resource: span.origin.map(|origin| ResourceOf::from(&origin.resource)),
            scope: span.origin.map(|origin| ScopeOf::from(&origin.scope)),
        }
    }
}

impl<'a> From<&Event<'a>> for EventOf<'a> {
    fn from(event: &Event<'a>) -> Self {
        Self {
            time: event.time,
            name: event.name,
            attributes: attributes(event.attributes),
            dropped_attributes: event.dropped_attributes,
        }
    }
}

impl<'a> From<&Link<'a>> for LinkOf<'a> {
    fn from(link: &Link<'a>) -> Self {
        Self {
            trace_id: ids::trace_id(link.trace_id),
            span_id: ids::span_id(link.span_id),
            trace_state: link.trace_state,
            flags: link.flags,
            attributes: attributes(link.attributes),
            dropped_attributes: link.dropped_attributes,
        }
    }
}

impl<'a> From<&Resource<'a>> for ResourceOf<'a> {
    fn from(resource: &Resource<'a>) -> Self {
        Self {
            attributes: attributes(resource.attributes),
            dropped_attributes: resource.dropped_attributes,
            schema_url: resource.schema_url,
        }
    }
}

impl<'a> From<&Scope<'a>> for ScopeOf<'a> {
    fn from(scope: &Scope<'a>) -> Self {
        Self {
            name: scope.name,
            version: scope.version,
            attributes: attributes(scope.attributes),
            dropped_attributes: scope.dropped_attributes,
            schema_url: scope.schema_url,
        }
    }
}

/// A span as it stands in an answer.
fn write_span(span: &Span<'_>) -> Box<RawValue> {
    raw(body(&WholeSpan::from(span)))
}

/// What the question for one span is answered with.
pub fn one_span(head: Head<'_>, span: &Span<'_>) -> Vec<u8> {
    body(&OneAnswer { head, span: &write_span(span) })
}

/// Gathers spans in the order of the answer.
#[derive(Default)]
pub struct Spans(Vec<Option<Box<RawValue>>>);

impl Spans {
    /// For so many spans, of which some may not be there.
    pub fn of(count: usize) -> Self {
        Self(vec![None; count])
    }

    /// The span has this place in the answer.
    pub fn put(&mut self, place: usize, span: &Span<'_>) {
        if let Some(here) = self.0.get_mut(place) {
            *here = Some(write_span(span));
        }
    }

    pub fn write(self, head: Head<'_>) -> Vec<u8> {
        let spans: Vec<_> = self.0.into_iter().flatten().collect();
        body(&SomeAnswer { head, spans: &spans })
    }
}
