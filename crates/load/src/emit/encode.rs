//! Spans as the JSON of the contract. On purpose not the server's code: its mistakes must not cancel out.

use bytes::Bytes;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use span::{Status, Timestamp, TraceId};

use crate::generate::GeneratedSpan;

/// About what a span takes, so that a body is seldom moved while it grows.
const SPAN_BYTES: usize = 448;

/// One span, placed in its trace and in time.
#[derive(Clone, Copy)]
pub(crate) struct PlacedSpan<'a> {
    pub(crate) trace_id: TraceId,
    pub(crate) root_start: Timestamp,
    pub(crate) span: &'a GeneratedSpan,
    pub(crate) edition: Edition,
}

/// The contract keeps the first of a repeated span: whoever repeats one may say something else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Edition {
    First,
    /// The same ids and times, another operation and the other status.
    Altered,
}

/// The operation that an altered repeat carries and that nobody may ever see.
const ALTERED_OPERATION: &str = "altered repeat";

pub(crate) fn encode_batch(spans: &[PlacedSpan<'_>]) -> Bytes {
    let mut body = Vec::with_capacity(SPAN_BYTES * (spans.len() + 1));
    serde_json::to_writer(&mut body, &Batch { spans })
        .expect("strings and numbers always have a JSON form, and memory takes them");
    body.into()
}

#[derive(Serialize)]
struct Batch<'a> {
    spans: &'a [PlacedSpan<'a>],
}

impl Serialize for PlacedSpan<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let span = self.span;
        let (operation, status) = match self.edition {
            Edition::First => (span.operation, span.status),
            Edition::Altered => (ALTERED_OPERATION, other_status(span.status)),
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
