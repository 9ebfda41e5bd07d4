//! Encodes spans as the JSON of the contract. It does not use the server's codec, because a mistake there would then
//! be in the request and in its reader, and nobody would see it.

use bytes::Bytes;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use span::{Status, Timestamp, TraceId};

use crate::generate::GeneratedSpan;

/// Estimated bytes of an encoded span. With this capacity, a body is rarely moved while it grows.
const SPAN_BYTES: usize = 448;

/// A span together with its trace id and the start of its root.
#[derive(Clone, Copy)]
pub(crate) struct PlacedSpan<'a> {
    pub(crate) trace_id: TraceId,
    pub(crate) root_start: Timestamp,
    pub(crate) span: &'a GeneratedSpan,
    pub(crate) content: Content,
}

/// Which content of a span to encode. The server keeps the first copy of a span, so a duplicate may have another
/// content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Content {
    Original,
    /// The ids and times of the original, but another operation and another status.
    Altered,
}

/// The operation of an altered duplicate, which no answer may show.
const ALTERED_OPERATION: &str = "altered repeat";

pub(crate) fn encode_batch(spans: &[PlacedSpan<'_>]) -> Bytes {
    let mut body = Vec::with_capacity(SPAN_BYTES * (spans.len() + 1));
    serde_json::to_writer(&mut body, &BatchBody { spans })
        .expect("strings and numbers always have a JSON form, and writing to memory does not fail");
    body.into()
}

#[derive(Serialize)]
struct BatchBody<'a> {
    spans: &'a [PlacedSpan<'a>],
}

impl Serialize for PlacedSpan<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let span = self.span;
        let (operation, status) = match self.content {
            Content::Original => (span.operation, span.status),
            Content::Altered => (ALTERED_OPERATION, other_status(span.status)),
        };
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("trace_id", &Text(self.trace_id.to_uuid()))?;
        object.serialize_entry("span_id", &Text(span.span_id.to_uuid()))?;
        if let Some(parent) = span.parent_span_id {
            object.serialize_entry("parent_span_id", &Text(parent.to_uuid()))?;
        }
        object.serialize_entry("service", span.service)?;
        object.serialize_entry("operation", operation)?;
        object.serialize_entry("start_time", &span.start(self.root_start).0)?;
        object.serialize_entry("end_time", &span.end(self.root_start).0)?;
        object.serialize_entry("status", status_word(status))?;
        if !span.tags.is_empty() {
            object.serialize_entry("tags", &Tags(&span.tags))?;
        }
        object.end()
    }
}

struct Text([u8; 36]);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(str::from_utf8(&self.0).expect("a UUID is ASCII"))
    }
}

struct Tags<'a>(&'a [(&'static str, String)]);

impl Serialize for Tags<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

pub(crate) const fn status_word(status: Status) -> &'static str {
    match status {
        Status::Unset | Status::Ok => "ok",
        Status::Error => "error",
    }
}

const fn other_status(status: Status) -> Status {
    match status {
        Status::Unset | Status::Ok => Status::Error,
        Status::Error => Status::Ok,
    }
}
