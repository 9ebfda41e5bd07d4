//! One dot for each trace.

use ::serde::Serialize;
use ::span::{Status, Timestamp, TraceId, TraceSummary};

use super::ServiceNumbers;
use super::head::{Head, body, nanos, offset};
use super::ids::push_trace_id;
use super::names::Names;

const FLAG_ERROR: u8 = 1;
const FLAG_ROOT_ERROR: u8 = 2;

/// What is said beside the columns.
#[derive(Clone, Copy, Serialize)]
pub struct PointsHead<'a> {
    #[serde(flatten)]
    pub head: Head<'a>,
    pub cursor: &'a str,
    /// What the client has is to be forgotten.
    pub reset: bool,
    /// There are more changes.
    pub more: bool,
    pub total: u64,
    #[serde(rename = "evict_before_ns", serialize_with = "nanos")]
    pub evict_before: Timestamp,
}

#[derive(Default)]
pub struct Points {
    base: Timestamp,
    services: Names,
    operations: Names,
    ids: String,
    start: Vec<i64>,
    duration: Vec<u64>,
    service: Vec<u32>,
    operation: Vec<u32>,
    spans: Vec<u64>,
    flags: Vec<u8>,
    gone: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    head: PointsHead<'a>,
    #[serde(rename = "base_ns", serialize_with = "nanos")]
    base: Timestamp,
    services: &'a [String],
    service_numbers: Vec<u32>,
    operations: &'a [String],
    ids: &'a str,
    start: &'a [i64],
    duration: &'a [u64],
    service: &'a [u32],
    operation: &'a [u32],
    spans: &'a [u64],
    flags: &'a [u8],
    gone: &'a str,
}

impl Points {
    /// Starts are counted from `base`.
    pub fn new(base: Timestamp) -> Self {
        Self { base, ..Self::default() }
    }

    /// Neither a trace nor one that is gone.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.gone.is_empty()
    }

    pub fn push(&mut self, trace: &TraceSummary<'_>) {
        push_trace_id(&mut self.ids, trace.trace_id);
        self.start.push(offset(trace.start, self.base));
        self.duration.push(trace.duration);
        self.service.push(self.services.place_of(trace.root_service));
        self.operation.push(self.operations.place_of(trace.root_name));
        self.spans.push(trace.spans);
        let error = if trace.status == Status::Error { FLAG_ERROR } else { 0 };
        self.flags.push(error | if trace.root_failed { FLAG_ROOT_ERROR } else { 0 });
    }

    /// A trace that has changed and is none of those that are meant any more.
    pub fn push_gone(&mut self, id: TraceId) {
        push_trace_id(&mut self.gone, id);
    }

    pub fn write(&self, head: PointsHead<'_>, services: &mut dyn ServiceNumbers) -> Vec<u8> {
        body(&Answer {
            head,
            base: self.base,
            services: self.services.as_slice(),
            service_numbers: self.services.numbers(services),
            operations: self.operations.as_slice(),
            ids: &self.ids,
            start: &self.start,
            duration: &self.duration,
            service: &self.service,
            operation: &self.operation,
            spans: &self.spans,
            flags: &self.flags,
            gone: &self.gone,
        })
    }
}
