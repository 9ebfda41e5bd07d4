//! The reference model: the contract's rules for lists and traces, implemented as plainly as possible.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use span::{Kind, Reporter, SERVICE_INSTANCE, SpanId, Status, TimeRange, Timestamp, TraceId, TraceSummary};

use crate::{OwnedAttribute, OwnedSpan, OwnedValue};

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
    pub is_rootless: bool,
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
            is_rootless: summary.is_rootless,
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
        let is_it = |known: &OwnedSpan| known.start >= cutoff && identity(known) == identity(span);
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

    /// Returns all traces without a root whose earliest span inside the window starts in `range`, the latest first.
    pub fn rootless(&self, range: TimeRange, cutoff: Timestamp) -> Vec<ModelSummary> {
        let without_root = self.traces.values().filter(|spans| root_of(spans).is_none());
        let mut rootless: Vec<ModelSummary> = without_root
            .filter_map(|spans| {
                let inside = spans.iter().filter(|span| span.start >= cutoff);
                let earliest = inside.min_by_key(|span| key(span))?;
                range.contains(earliest.start).then(|| summarise(earliest, spans, cutoff))
            })
            .collect();
        rootless.sort_by_key(|summary| (Reverse(summary.start), summary.trace_id));
        rootless
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

/// Returns the span as an answer shows it. If several spans have one id, the first by reporter keeps it, and the others
/// get ids of their own. Servers and consumers become children of the caller, and their children stay below them.
fn told_apart(span: &OwnedSpan, all: &[&OwnedSpan]) -> OwnedSpan {
    let with_id = |id: SpanId| all.iter().filter(move |other| other.span_id == id);
    let keeper = |id: SpanId| with_id(id).map(|other| other.reporter()).min();
    let id_of = |id: SpanId, reporter: Reporter| {
        if keeper(id) == Some(reporter) { id } else { reporter.id_of_copy(id) }
    };
    let callee = |id: SpanId| {
        let callees = || with_id(id).filter(|other| other.reporter().is_callee());
        let same_sender = callees().filter(|other| other.reporter().sender() == span.reporter().sender());
        let same_service = callees().filter(|other| other.service == span.service);
        let first = same_sender.map(|other| other.reporter()).min();
        first.or_else(|| same_service.map(|other| other.reporter()).min())
    };
    let mut told = span.clone();
    told.span_id = id_of(span.span_id, span.reporter());
    if span.reporter().is_callee() && keeper(span.span_id).is_some_and(Reporter::is_caller) {
        told.parent_span_id = Some(span.span_id);
    } else if let Some(parent) = span.parent_span_id
        && let Some(callee) = callee(parent)
        && id_of(parent, callee) != told.span_id
    {
        told.parent_span_id = Some(id_of(parent, callee));
    }
    told
}

/// Returns what makes a span the same one in its trace: its id; unless it is one of the contract's, its kind, service
/// and instance, too.
fn identity(span: &OwnedSpan) -> (SpanId, Option<(Kind, &str, &str)>) {
    let resource = span.resource_scope.as_ref();
    if span.kind == Kind::UNSPECIFIED && resource.is_none() {
        return (span.span_id, None);
    }
    let mut attributes = resource.into_iter().flat_map(|resource| &resource.resource_attributes);
    let instance = match attributes.find(|attribute| attribute.key == SERVICE_INSTANCE) {
        Some(OwnedAttribute { value: OwnedValue::Text(name), .. }) => name,
        _ => "",
    };
    (span.span_id, Some((span.kind, &span.service, instance)))
}

fn key(span: &OwnedSpan) -> (Timestamp, SpanId, Reporter) {
    (span.start, span.span_id, span.reporter())
}

fn root_of(spans: &[OwnedSpan]) -> Option<&OwnedSpan> {
    spans.iter().filter(|span| span.parent_span_id.is_none()).min_by_key(|span| key(span))
}

/// Returns the summary of a trace whose root, or the span that stands for it, is `root`.
fn summarise(root: &OwnedSpan, spans: &[OwnedSpan], cutoff: Timestamp) -> ModelSummary {
    let inside: Vec<&OwnedSpan> = spans.iter().filter(|span| span.start >= cutoff).collect();
    let has_error = inside.iter().any(|span| span.status == Status::Error);
    ModelSummary {
        trace_id: root.trace_id,
        root_service: root.service.clone(),
        root_name: root.name.clone(),
        spans: inside.len() as u64,
        is_rootless: root.parent_span_id.is_some(),
        start: root.start,
        duration: root.end.nanos_since(root.start),
        root_failed: root.status == Status::Error,
        status: if has_error { Status::Error } else { Status::Ok },
    }
}
