//! The reference model: the contract's rules for lists and traces, implemented as plainly as possible.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use span::{Kind, Side, SpanId, Status, TimeRange, Timestamp, TraceId, TraceSummary};

use crate::OwnedSpan;

/// Keeps every accepted span, by trace.
#[derive(Clone, Default, Debug)]
pub struct Model {
    traces: BTreeMap<TraceId, Vec<OwnedSpan>>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    pub stored: u64,
    pub repeated: u64,
    pub stale: u64,
    pub ahead: u64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModelSummary {
    pub trace_id: TraceId,
    pub root_service: String,
    pub root_name: String,
    pub spans: u64,
    pub start: Timestamp,
    pub duration: u64,
    pub root_failed: bool,
    pub status: Status,
}

impl From<TraceSummary<'_>> for ModelSummary {
    fn from(summary: TraceSummary<'_>) -> Self {
        Self {
            trace_id: summary.trace_id,
            root_service: summary.root_service.to_owned(),
            root_name: summary.root_name.to_owned(),
            spans: summary.spans,
            start: summary.start,
            duration: summary.duration,
            root_failed: summary.root_failed,
            status: summary.status,
        }
    }
}

impl Model {
    /// Accepts the spans of a batch that start from `cutoff` to `latest`, both included, except duplicates. Returns
    /// what became of the spans.
    pub fn accept(&mut self, batch: &[OwnedSpan], cutoff: Timestamp, latest: Timestamp) -> Counts {
        let mut counts = Counts::default();
        for span in batch {
            if span.start < cutoff {
                counts.stale += 1;
            } else if span.start > latest {
                counts.ahead += 1;
            } else if self.insert(span, cutoff) {
                counts.stored += 1;
            } else {
                counts.repeated += 1;
            }
        }
        counts
    }

    fn insert(&mut self, span: &OwnedSpan, cutoff: Timestamp) -> bool {
        let spans = self.traces.entry(span.trace_id).or_default();
        if spans.iter().all(|span| span.start < cutoff) {
            spans.clear();
        }
        let is_it = |known: &OwnedSpan| {
            known.span_id == span.span_id
                && known.start >= cutoff
                && !Side::of(known.kind).is_other_half_of(Side::of(span.kind))
        };
        if spans.iter().any(is_it) {
            return false;
        }
        spans.push(span.clone());
        true
    }

    /// Returns all listed traces whose root starts in `range`, the latest first. Their number is the contract's
    /// `total`.
    pub fn list(&self, range: TimeRange, cutoff: Timestamp) -> Vec<ModelSummary> {
        let mut listed: Vec<ModelSummary> = self
            .traces
            .values()
            .filter_map(|spans| {
                let root = root_of(spans)?;
                let is_listed = root.start >= cutoff && range.contains(root.start);
                is_listed.then(|| summarise(root, spans, cutoff))
            })
            .collect();
        listed.sort_by_key(|summary| (Reverse(summary.start), summary.trace_id));
        listed
    }

    /// Returns the spans of a trace in the order of the answer, or `None` if the trace is outside the window.
    pub fn trace(&self, id: TraceId, cutoff: Timestamp) -> Option<Vec<OwnedSpan>> {
        let spans = self.traces.get(&id)?;
        if root_of(spans).is_some_and(|root| root.start < cutoff) {
            return None;
        }
        let inside: Vec<&OwnedSpan> = spans.iter().filter(|span| span.start >= cutoff).collect();
        let mut inside: Vec<OwnedSpan> = inside.iter().map(|span| told_apart(span, &inside)).collect();
        inside.sort_by_key(key);
        (!inside.is_empty()).then_some(inside)
    }

    pub fn trace_ids(&self) -> impl Iterator<Item = TraceId> {
        self.traces.keys().copied()
    }
}

/// Returns the span as an answer shows it. If client and server reported a call under one span id, the server's span
/// gets an id of its own and becomes the child of the client's, and its children stay below it.
fn told_apart(span: &OwnedSpan, all: &[&OwnedSpan]) -> OwnedSpan {
    let half = |id: SpanId, kind: Kind| all.iter().find(|other| other.span_id == id && other.kind == kind);
    let call = |id: SpanId| half(id, Kind::CLIENT).and(half(id, Kind::SERVER));
    let mut told = span.clone();
    if span.kind == Kind::SERVER && call(span.span_id).is_some() {
        told.span_id = span.span_id.of_server_half();
        told.parent_span_id = Some(span.span_id);
    } else if let Some(parent) = span.parent_span_id
        && call(parent).is_some_and(|server| server.service == span.service)
    {
        told.parent_span_id = Some(parent.of_server_half());
    }
    told
}

fn key(span: &OwnedSpan) -> (Timestamp, SpanId, Side) {
    (span.start, span.span_id, Side::of(span.kind))
}

fn root_of(spans: &[OwnedSpan]) -> Option<&OwnedSpan> {
    spans.iter().filter(|span| span.parent_span_id.is_none()).min_by_key(|span| key(span))
}

fn summarise(root: &OwnedSpan, spans: &[OwnedSpan], cutoff: Timestamp) -> ModelSummary {
    let inside: Vec<&OwnedSpan> = spans.iter().filter(|span| span.start >= cutoff).collect();
    let has_error = inside.iter().any(|span| span.status == Status::Error);
    ModelSummary {
        trace_id: root.trace_id,
        root_service: root.service.clone(),
        root_name: root.name.clone(),
        spans: inside.len() as u64,
        start: root.start,
        duration: root.end.nanos_since(root.start),
        root_failed: root.status == Status::Error,
        status: if has_error { Status::Error } else { Status::Ok },
    }
}
