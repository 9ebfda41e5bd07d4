//! Writes the contract's answers as JSON.

use std::collections::HashMap;

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use span::limits::{ATTRIBUTE_VALUE_CHARS_MAX, ATTRIBUTES_MAX, NAME_CHARS_MAX, cut};
use span::{Attribute, Span, Status, TraceId, TraceSummary};

use super::value_text::shown_text;
use crate::JsonSpans;
use crate::json::{put, put_items, to_bytes};

const NANOS_PER_MS: u64 = 1_000_000;

/// The counts in the answer to `POST /spans`: how many spans the batch has, and what became of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Accepted {
    pub received: u64,
    pub stored: u64,
    pub repeated: u64,
    pub stale: u64,
}

#[derive(Serialize)]
struct AcceptedAnswer {
    status: &'static str,
    #[serde(flatten)]
    counts: Accepted,
}

#[derive(Serialize)]
struct ErrorAnswer<'a> {
    error: &'a str,
}

#[derive(Serialize)]
struct SummaryAnswer<'a> {
    #[serde(serialize_with = "uuid")]
    trace_id: [u8; 36],
    root_service: &'a str,
    root_operation: &'a str,
    span_count: u64,
    duration_ms: u64,
    start_time: i64,
    status: &'static str,
}

#[derive(Serialize)]
struct SpanAnswer<'a> {
    #[serde(serialize_with = "uuid")]
    trace_id: [u8; 36],
    #[serde(serialize_with = "uuid")]
    span_id: [u8; 36],
    #[serde(serialize_with = "some_uuid", skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<[u8; 36]>,
    service: &'a str,
    operation: &'a str,
    start_time: i64,
    end_time: i64,
    status: &'static str,
    #[serde(serialize_with = "tags")]
    tags: &'a [Attribute<'a>],
}

fn uuid<S: Serializer>(id: &[u8; 36], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(str::from_utf8(id).expect("a UUID is ASCII"))
}

#[expect(clippy::ref_option, reason = "the form that the derive calls")]
fn some_uuid<S: Serializer>(id: &Option<[u8; 36]>, serializer: S) -> Result<S::Ok, S::Error> {
    uuid(id.as_ref().expect("serde skips the field if it is None"), serializer)
}

/// Writes at most as many tags as the contract allows, and each key once, with its last value.
fn tags<S: Serializer>(tags: &[Attribute<'_>], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    let mut put_tag = |tag: &Attribute<'_>| {
        map.serialize_entry(tag.key, cut(&shown_text(tag.value), ATTRIBUTE_VALUE_CHARS_MAX))
    };
    if tags.len() > ATTRIBUTES_MAX {
        shown(tags).into_iter().try_for_each(put_tag)?;
    } else {
        // So few keys are compared faster than they are hashed.
        for (index, tag) in tags.iter().enumerate() {
            if !tags.iter().skip(index + 1).any(|later| later.key == tag.key) {
                put_tag(tag)?;
            }
        }
    }
    map.end()
}

/// Returns the attributes with the first fifty distinct keys, each with its last value, even if that comes after the
/// fifty-first key. Each attribute is visited once, because an OpenTelemetry span may have a million.
fn shown<'a>(tags: &'a [Attribute<'a>]) -> Vec<&'a Attribute<'a>> {
    let mut shown: Vec<&Attribute<'_>> = Vec::with_capacity(ATTRIBUTES_MAX);
    let mut indexes: HashMap<&str, usize> = HashMap::with_capacity(ATTRIBUTES_MAX);
    for tag in tags {
        if let Some(&index) = indexes.get(tag.key) {
            shown.get_mut(index).into_iter().for_each(|value| *value = tag);
        } else if shown.len() < ATTRIBUTES_MAX {
            indexes.insert(tag.key, shown.len());
            shown.push(tag);
        }
    }
    shown
}

fn name(name: &str) -> &str {
    cut(name, NAME_CHARS_MAX)
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Unset | Status::Ok => "ok",
        Status::Error => "error",
    }
}

/// Writes the answer to a batch that was accepted.
pub fn accepted(counts: Accepted) -> Vec<u8> {
    to_bytes(&AcceptedAnswer { status: "ok", counts })
}

/// Writes the body of every 4xx and 5xx.
pub fn error(sentence: &str) -> Vec<u8> {
    to_bytes(&ErrorAnswer { error: sentence })
}

/// Writes the answer of `GET /traces`. `total` is the number of traces that match the request, listed or not.
pub fn list<'a>(total: usize, summaries: impl Iterator<Item = TraceSummary<'a>>) -> Vec<u8> {
    let mut out = b"{\"traces\":".to_vec();
    put_items(&mut out, summaries, |out, summary| {
        put(
            out,
            &SummaryAnswer {
                trace_id: summary.trace_id.to_uuid(),
                root_service: name(summary.root_service),
                root_operation: name(summary.root_name),
                span_count: summary.spans,
                duration_ms: summary.duration / NANOS_PER_MS,
                start_time: summary.start.0,
                status: status(summary.status),
            },
        );
    });
    out.extend_from_slice(b",\"total\":");
    put(&mut out, &total);
    out.push(b'}');
    out
}

/// Begins the answer of `GET /traces/{trace_id}`. The spans are then pushed to the result.
pub fn trace(id: TraceId) -> JsonSpans {
    let mut out = b"{\"trace_id\":\"".to_vec();
    out.extend_from_slice(&id.to_uuid());
    out.extend_from_slice(b"\",\"spans\":[");
    JsonSpans::new(out, put_span)
}

fn put_span(out: &mut Vec<u8>, span: &Span<'_>) {
    put(
        out,
        &SpanAnswer {
            trace_id: span.trace_id.to_uuid(),
            span_id: span.span_id.to_uuid(),
            parent_span_id: span.parent_span_id.map(span::SpanId::to_uuid),
            service: name(span.service),
            operation: name(span.name),
            start_time: span.start.0,
            end_time: span.end.0,
            status: status(span.status),
            tags: span.attributes,
        },
    );
}
