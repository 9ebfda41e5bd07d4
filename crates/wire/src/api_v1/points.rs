//! The answer of `points`: for each trace, the values that the dashboard needs to draw it as a dot.

use ::serde::Serialize;
use ::span::{Status, Timestamp, TraceId, TraceSummary};

use super::answer_head::AnswerHead;
use super::ids::push_trace_id;
use super::name_table::NameTable;
use super::service_numbers::ServiceNumbers;
use super::times::{nanos, number, offset};
use crate::json::to_bytes;

const FLAG_ERROR: u8 = 1;
const FLAG_ROOT_ERROR: u8 = 2;
const FLAG_ROOTLESS: u8 = 4;

/// The members of the answer before its columns.
#[derive(Clone, Copy, Serialize)]
pub struct PointsHead<'a> {
    #[serde(flatten)]
    pub head: AnswerHead<'a>,
    pub cursor: &'a str,
    /// Whether the client must discard the traces that it has, because the answer has all selected ones.
    pub reset: bool,
    /// Whether there are more changes, which did not fit into this answer.
    pub more: bool,
    /// Traces with a root that match now, and those without one.
    pub total: u64,
    pub rootless: u64,
    #[serde(rename = "evict_before_ns", serialize_with = "nanos")]
    pub evict_before: Timestamp,
}

/// Collects traces and writes them as columns.
#[derive(Default)]
pub struct Points {
    base: Timestamp,
    services: NameTable,
    operations: NameTable,
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
    service_numbers: &'a [u32],
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
    /// Makes an empty list. The starts in the answer are relative to `base`.
    pub fn new(base: Timestamp) -> Self {
        Self { base, ..Self::default() }
    }

    /// Whether the answer has neither traces nor ids of removed ones.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.gone.is_empty()
    }

    pub fn push(&mut self, trace: &TraceSummary<'_>) {
        push_trace_id(&mut self.ids, trace.trace_id);
        self.start.push(offset(trace.start, self.base));
        self.duration.push(number(trace.duration));
        self.service.push(self.services.index_of(trace.root_service));
        self.operation.push(self.operations.index_of(trace.root_name));
        self.spans.push(trace.spans);
        let error = if trace.status == Status::Error { FLAG_ERROR } else { 0 };
        let root_error = if trace.root_failed { FLAG_ROOT_ERROR } else { 0 };
        self.flags.push(error | root_error | if trace.is_rootless { FLAG_ROOTLESS } else { 0 });
    }

    /// Adds the id of a trace that the client must remove, because the request no longer selects it.
    pub fn push_gone(&mut self, id: TraceId) {
        push_trace_id(&mut self.gone, id);
    }

    /// Returns the number of each service in the answer, to be passed to [`write`](Self::write).
    pub fn service_numbers(&self, services: &mut dyn ServiceNumbers) -> Vec<u32> {
        self.services.numbers(services)
    }

    pub fn write(&self, head: PointsHead<'_>, service_numbers: &[u32]) -> Vec<u8> {
        to_bytes(&Answer {
            head,
            base: self.base,
            services: self.services.as_slice(),
            service_numbers,
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
