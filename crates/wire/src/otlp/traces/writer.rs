//! Writes `TracesData` span by span.

use span::Span;

use super::super::encoding::Encoding;
use super::parts::{WrittenResourceSpans, WrittenScopeSpans};
use super::{json, protobuf};
use crate::SpanWriter;

const FOUND: &str = "the slot was just found or made";

/// The place where the spans of one resource and scope are collected.
#[derive(Clone, Copy)]
struct Slot {
    /// The index among the resources.
    resource: usize,
    /// The index among the scopes of that resource.
    scope: usize,
}

/// A source of spans whose slot is known.
struct KnownSource {
    /// The address of the resource scope in memory, or 0 if there is none.
    resource_scope: usize,
    /// The service, which is written with the resource even if the resource scope does not name it.
    service: String,
    slot: Slot,
}

/// Writes spans as `TracesData`. Between two calls of `take`, spans of one resource and scope are grouped.
///
/// The resource scope of a pushed span must not be moved or freed before the next `take`, because it is recognised by
/// its address.
pub struct TracesWriter {
    encoding: Encoding,
    /// Complete output that was not taken yet.
    out: Vec<u8>,
    /// Groups of spans to which further ones may still be added.
    resources: Vec<WrittenResourceSpans>,
    known: Vec<KnownSource>,
    has_resources: bool,
    /// Bytes of the spans in `resources`.
    written: usize,
}

impl TracesWriter {
    pub fn new(encoding: Encoding) -> Self {
        let out = match encoding {
            Encoding::Protobuf => Vec::new(),
            Encoding::Json => b"{\"resourceSpans\":[".to_vec(),
        };
        let (resources, known) = (Vec::new(), Vec::new());
        Self { encoding, out, resources, known, has_resources: false, written: 0 }
    }

    /// Returns the group that the span belongs to.
    ///
    /// A resource scope may be large, so it is encoded only for its first span, and then recognised by its address.
    /// The search begins with the newest one, because a span usually has the resource scope of the span before it.
    fn spans_of(&mut self, span: &Span<'_>) -> &mut Vec<u8> {
        let resource_scope =
            span.resource_scope.map_or(0, |resource_scope| std::ptr::from_ref(resource_scope).addr());
        let is_it =
            |known: &&KnownSource| known.resource_scope == resource_scope && known.service == span.service;
        let known = self.known.iter().rfind(is_it).map(|known| known.slot);
        let slot = known.unwrap_or_else(|| {
            let slot = self.slot_of(span);
            self.known.push(KnownSource { resource_scope, service: span.service.to_owned(), slot });
            slot
        });
        let resource = self.resources.get_mut(slot.resource).expect(FOUND);
        &mut resource.scopes.get_mut(slot.scope).expect(FOUND).spans
    }

    /// Finds or makes the slot of a span by the encoded bytes of its resource and scope, so that equal resource
    /// scopes at different addresses share a slot.
    fn slot_of(&mut self, span: &Span<'_>) -> Slot {
        let (mut resource, mut scope) = (Vec::new(), Vec::new());
        match self.encoding {
            Encoding::Protobuf => {
                protobuf::put_resource(&mut resource, span);
                protobuf::put_scope(&mut scope, span);
            }
            Encoding::Json => {
                json::put_resource(&mut resource, span);
                json::put_scope(&mut scope, span);
            }
        }
        let known = self.resources.iter().rposition(|known| known.resource == resource);
        let resource_index = known.unwrap_or_else(|| {
            self.resources.push(WrittenResourceSpans { resource, scopes: Vec::new() });
            self.resources.len() - 1
        });
        let scopes = &mut self.resources.get_mut(resource_index).expect(FOUND).scopes;
        let known = scopes.iter().rposition(|known| known.scope == scope);
        let scope_index = known.unwrap_or_else(|| {
            scopes.push(WrittenScopeSpans { scope, spans: Vec::new() });
            scopes.len() - 1
        });
        Slot { resource: resource_index, scope: scope_index }
    }

    /// Moves all groups to `out`, so that no more spans are added to them.
    fn flush(&mut self) {
        self.written = 0;
        self.known.clear();
        for written in self.resources.drain(..) {
            match self.encoding {
                Encoding::Protobuf => protobuf::put_resource_spans(&mut self.out, &written),
                Encoding::Json => {
                    if self.has_resources {
                        self.out.push(b',');
                    }
                    json::put_resource_spans(&mut self.out, &written);
                }
            }
            self.has_resources = true;
        }
    }
}

impl SpanWriter for TracesWriter {
    fn push(&mut self, span: &Span<'_>) {
        let encoding = self.encoding;
        let spans = self.spans_of(span);
        let before = spans.len();
        match encoding {
            Encoding::Protobuf => protobuf::put_span(spans, span),
            Encoding::Json => {
                if before > 0 {
                    spans.push(b',');
                }
                json::put_span(spans, span);
            }
        }
        self.written += spans.len() - before;
    }

    fn written(&self) -> usize {
        self.written
    }

    fn take(&mut self) -> Vec<u8> {
        self.flush();
        std::mem::take(&mut self.out)
    }

    fn finish(mut self) -> Vec<u8> {
        self.flush();
        if self.encoding == Encoding::Json {
            self.out.extend_from_slice(b"]}");
        }
        self.out
    }
}

/// Writes all spans as one `TracesData`.
pub fn write_traces<'a>(encoding: Encoding, spans: impl IntoIterator<Item = &'a Span<'a>>) -> Vec<u8> {
    let mut writer = TracesWriter::new(encoding);
    spans.into_iter().for_each(|span| writer.push(span));
    writer.finish()
}
