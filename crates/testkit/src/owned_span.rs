//! Spans that own their data, so that a test can keep and change them.

use bumpalo::Bump;
use span::{
    Event, Extras, Kind, Link, Reporter, Resource, ResourceScope, Scope, Span, SpanId, Status, Timestamp,
    TraceId,
};

use crate::owned_value::{OwnedAttribute, borrow_attributes, own_attributes};

#[derive(Clone, PartialEq, Debug)]
pub struct OwnedSpan {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    pub parent_span_id: Option<SpanId>,
    pub service: String,
    pub name: String,
    pub start: Timestamp,
    pub end: Timestamp,
    pub kind: Kind,
    pub status: Status,
    pub flags: u32,
    pub attributes: Vec<OwnedAttribute>,
    pub resource_scope: Option<OwnedResourceScope>,
    pub extras: Option<OwnedExtras>,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub struct OwnedResourceScope {
    pub resource_attributes: Vec<OwnedAttribute>,
    pub resource_dropped_attributes: u32,
    pub resource_schema_url: String,
    pub scope_name: String,
    pub scope_version: String,
    pub scope_attributes: Vec<OwnedAttribute>,
    pub scope_dropped_attributes: u32,
    pub scope_schema_url: String,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub struct OwnedExtras {
    pub status_message: String,
    pub trace_state: String,
    pub events: Vec<OwnedEvent>,
    pub links: Vec<OwnedLink>,
    pub dropped_attributes: u32,
    pub dropped_events: u32,
    pub dropped_links: u32,
}

#[derive(Clone, PartialEq, Debug)]
pub struct OwnedEvent {
    pub time: Timestamp,
    pub name: String,
    pub attributes: Vec<OwnedAttribute>,
    pub dropped_attributes: u32,
}

#[derive(Clone, PartialEq, Debug)]
pub struct OwnedLink {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    pub trace_state: String,
    pub attributes: Vec<OwnedAttribute>,
    pub dropped_attributes: u32,
    pub flags: u32,
}

impl OwnedSpan {
    /// Makes a root span that lasts a second. All bytes of its trace id are `trace`, and those of its span id are
    /// `span`.
    pub fn root(trace: u8, span: u8, start: Timestamp) -> Self {
        Self {
            trace_id: TraceId::from_bytes([trace; 16]),
            span_id: SpanId::from_bytes([span; 16]),
            parent_span_id: None,
            service: "checkout".to_owned(),
            name: "POST /orders".to_owned(),
            start,
            end: start.saturating_add(1_000_000_000),
            kind: Kind::UNSPECIFIED,
            status: Status::Ok,
            flags: 0,
            attributes: Vec::new(),
            resource_scope: None,
            extras: None,
        }
    }

    /// Makes a span like [`OwnedSpan::root`] whose parent is the span with the number `parent`.
    pub fn child(trace: u8, span: u8, parent: u8, start: Timestamp) -> Self {
        Self { parent_span_id: Some(SpanId::from_bytes([parent; 16])), ..Self::root(trace, span, start) }
    }

    #[must_use]
    pub fn failed(self) -> Self {
        Self { status: Status::Error, ..self }
    }

    pub fn reporter(&self) -> Reporter {
        self.borrow(&Bump::new()).reporter()
    }

    fn borrow<'a>(&'a self, arena: &'a Bump) -> Span<'a> {
        Span {
            trace_id: self.trace_id,
            span_id: self.span_id,
            parent_span_id: self.parent_span_id,
            service: &self.service,
            name: &self.name,
            start: self.start,
            end: self.end,
            kind: self.kind,
            status: self.status,
            flags: self.flags,
            attributes: borrow_attributes(&self.attributes, arena),
            resource_scope: self
                .resource_scope
                .as_ref()
                .map(|resource_scope| &*arena.alloc(resource_scope.borrow(arena))),
            extras: self.extras.as_ref().map(|extras| &*arena.alloc(extras.borrow(arena))),
        }
    }
}

impl OwnedResourceScope {
    fn borrow<'a>(&'a self, arena: &'a Bump) -> ResourceScope<'a> {
        ResourceScope {
            resource: Resource {
                attributes: borrow_attributes(&self.resource_attributes, arena),
                dropped_attributes: self.resource_dropped_attributes,
                schema_url: &self.resource_schema_url,
            },
            scope: Scope {
                name: &self.scope_name,
                version: &self.scope_version,
                attributes: borrow_attributes(&self.scope_attributes, arena),
                dropped_attributes: self.scope_dropped_attributes,
                schema_url: &self.scope_schema_url,
            },
        }
    }
}

impl OwnedExtras {
    fn borrow<'a>(&'a self, arena: &'a Bump) -> Extras<'a> {
        Extras {
            status_message: &self.status_message,
            trace_state: &self.trace_state,
            events: arena.alloc_slice_fill_iter(self.events.iter().map(|event| Event {
                time: event.time,
                name: &event.name,
                attributes: borrow_attributes(&event.attributes, arena),
                dropped_attributes: event.dropped_attributes,
            })),
            links: arena.alloc_slice_fill_iter(self.links.iter().map(|link| Link {
                trace_id: link.trace_id,
                span_id: link.span_id,
                trace_state: &link.trace_state,
                attributes: borrow_attributes(&link.attributes, arena),
                dropped_attributes: link.dropped_attributes,
                flags: link.flags,
            })),
            dropped_attributes: self.dropped_attributes,
            dropped_events: self.dropped_events,
            dropped_links: self.dropped_links,
        }
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
            kind: span.kind,
            status: span.status,
            flags: span.flags,
            attributes: own_attributes(span.attributes),
            resource_scope: span.resource_scope.map(OwnedResourceScope::from),
            extras: span.extras.map(OwnedExtras::from),
        }
    }
}

impl From<&ResourceScope<'_>> for OwnedResourceScope {
    fn from(resource_scope: &ResourceScope<'_>) -> Self {
        let ResourceScope { resource, scope } = resource_scope;
        Self {
            resource_attributes: own_attributes(resource.attributes),
            resource_dropped_attributes: resource.dropped_attributes,
            resource_schema_url: resource.schema_url.to_owned(),
            scope_name: scope.name.to_owned(),
            scope_version: scope.version.to_owned(),
            scope_attributes: own_attributes(scope.attributes),
            scope_dropped_attributes: scope.dropped_attributes,
            scope_schema_url: scope.schema_url.to_owned(),
        }
    }
}

impl From<&Extras<'_>> for OwnedExtras {
    fn from(extras: &Extras<'_>) -> Self {
        let event = |event: &Event<'_>| OwnedEvent {
            time: event.time,
            name: event.name.to_owned(),
            attributes: own_attributes(event.attributes),
            dropped_attributes: event.dropped_attributes,
        };
        let link = |link: &Link<'_>| OwnedLink {
            trace_id: link.trace_id,
            span_id: link.span_id,
            trace_state: link.trace_state.to_owned(),
            attributes: own_attributes(link.attributes),
            dropped_attributes: link.dropped_attributes,
            flags: link.flags,
        };
        Self {
            status_message: extras.status_message.to_owned(),
            trace_state: extras.trace_state.to_owned(),
            events: extras.events.iter().map(event).collect(),
            links: extras.links.iter().map(link).collect(),
            dropped_attributes: extras.dropped_attributes,
            dropped_events: extras.dropped_events,
            dropped_links: extras.dropped_links,
        }
    }
}

/// Borrows the spans and passes them to `with`. Neighbours with equal resource scopes share one object, as decoders
/// make them.
pub fn with_borrowed<R>(spans: &[OwnedSpan], with: impl FnOnce(&[Span<'_>]) -> R) -> R {
    let arena = Bump::new();
    let mut borrowed: Vec<Span<'_>> = Vec::with_capacity(spans.len());
    for span in spans {
        let mut span = span.borrow(&arena);
        if let Some(previous) = borrowed.last().and_then(|previous| previous.resource_scope)
            && span.resource_scope == Some(previous)
        {
            span.resource_scope = Some(previous);
        }
        borrowed.push(span);
    }
    with(&borrowed)
}
