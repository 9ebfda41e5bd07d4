//! A span that owns its text.

use span::{Attribute, Span, SpanId, Status, Timestamp, TraceId};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwnedSpan {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    pub parent_span_id: Option<SpanId>,
    pub service: String,
    pub name: String,
    pub start: Timestamp,
    pub end: Timestamp,
    pub status: Status,
    pub attributes: Vec<(String, String)>,
}

impl OwnedSpan {
    /// A root span of a second with plain names; ids are the numbers repeated.
    pub fn root(trace: u8, span: u8, start: Timestamp) -> Self {
        Self {
            trace_id: TraceId::from_bytes([trace; 16]),
            span_id: SpanId::from_bytes([span; 16]),
            parent_span_id: None,
            service: "checkout".to_owned(),
            name: "POST /orders".to_owned(),
            start,
            end: start.saturating_add(1_000_000_000),
            status: Status::Ok,
            attributes: Vec::new(),
        }
    }

    /// The same below a parent.
    pub fn child(trace: u8, span: u8, parent: u8, start: Timestamp) -> Self {
        Self { parent_span_id: Some(SpanId::from_bytes([parent; 16])), ..Self::root(trace, span, start) }
    }

    #[must_use]
    pub fn failed(self) -> Self {
        Self { status: Status::Error, ..self }
    }
}

impl From<Span<'_>> for OwnedSpan {
    fn from(span: Span<'_>) -> Self {
        Self {
            trace_id: span.trace_id,
            span_id: span.span_id,
            parent_span_id: span.parent_span_id,
            service: span.service.to_owned(),
            name: span.name.to_owned(),
            start: span.start,
            end: span.end,
            status: span.status,
            attributes: span.attributes.iter().map(|a| (a.key.to_owned(), a.value.to_owned())).collect(),
        }
    }
}

/// Calls `with` with the same spans, borrowed.
pub fn with_borrowed<R>(spans: &[OwnedSpan], with: impl FnOnce(&[Span<'_>]) -> R) -> R {
    let attributes: Vec<Vec<Attribute<'_>>> = spans
        .iter()
        .map(|span| span.attributes.iter().map(|(key, value)| Attribute { key, value }).collect())
        .collect();
    let borrowed: Vec<Span<'_>> = spans
        .iter()
        .zip(&attributes)
        .map(|(span, attributes)| Span {
            trace_id: span.trace_id,
            span_id: span.span_id,
            parent_span_id: span.parent_span_id,
            service: &span.service,
            name: &span.name,
            start: span.start,
            end: span.end,
            status: span.status,
            attributes,
        })
        .collect();
    with(&borrowed)
}
