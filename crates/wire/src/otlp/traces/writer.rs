//! `TracesData`, piece by piece.

use span::Span;

use super::super::export::Encoding;
use super::{json, protobuf};
use crate::SpanWriter;

/// Spans of one resource, as far as they are written.
struct ResourceSpans {
    /// All but the spans.
    resource: Vec<u8>,
    scopes: Vec<ScopeSpans>,
}

struct ScopeSpans {
    scope: Vec<u8>,
    spans: Vec<u8>,
}

/// Where spans of an resource scope belong.
struct Known {
    /// Its address, or 0 where there is none.
    resource_scope: usize,
    /// The resource says it, even where the resource scope does not.
    service: String,
    place: Place,
}

/// In the resources, and in the scopes of one.
type Place = (usize, usize);

/// Writes spans. Those of the same resource and scope stand together, as far as they come in one piece. The resource scope of
/// a span has to stay where it is until the next `take`: one address is one resource scope.
pub struct TracesWriter {
    encoding: Encoding,
    /// What is written and not taken yet.
    out: Vec<u8>,
    /// What is still growing.
    resources: Vec<ResourceSpans>,
    known: Vec<Known>,
    has_resources: bool,
    /// Of the spans that are still growing.
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

    /// Where the span belongs. An resource scope may be large, so it is written for its first span and then known by its
    /// address. The span before usually has the same, so the search begins at the end.
    fn spans_of(&mut self, span: &Span<'_>) -> &mut Vec<u8> {
        let resource_scope =
            span.resource_scope.map_or(0, |resource_scope| std::ptr::from_ref(resource_scope).addr());
        let is_it = |known: &&Known| known.resource_scope == resource_scope && known.service == span.service;
        let known = self.known.iter().rfind(is_it).map(|known| known.place);
        let (resource, scope) = known.unwrap_or_else(|| {
            let place = self.place_of(span);
            self.known.push(Known { resource_scope, service: span.service.to_owned(), place });
            place
        });
        let resource = self.resources.get_mut(resource).expect("it was found, or just put there");
        &mut resource.scopes.get_mut(scope).expect("it was found, or just put there").spans
    }

    /// The same by the bytes that are written, so that two that say the same are one.
    fn place_of(&mut self, span: &Span<'_>) -> Place {
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
        let at = known.unwrap_or_else(|| {
            self.resources.push(ResourceSpans { resource, scopes: Vec::new() });
            self.resources.len() - 1
        });
        let scopes = &mut self.resources.get_mut(at).expect("it was found, or just put there").scopes;
        let known = scopes.iter().rposition(|known| known.scope == scope);
        let scope_at = known.unwrap_or_else(|| {
            scopes.push(ScopeSpans { scope, spans: Vec::new() });
            scopes.len() - 1
        });
        (at, scope_at)
    }

    fn flush(&mut self) {
        self.written = 0;
        self.known.clear();
        for ResourceSpans { resource, scopes } in self.resources.drain(..) {
            let scopes = scopes.iter().map(|one| (one.scope.as_slice(), one.spans.as_slice()));
            match self.encoding {
                Encoding::Protobuf => protobuf::put_resource_spans(&mut self.out, &resource, scopes),
                Encoding::Json => {
                    if self.has_resources {
                        self.out.push(b',');
                    }
                    json::put_resource_spans(&mut self.out, &resource, scopes);
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

/// All spans at once.
pub fn write_traces<'a>(encoding: Encoding, spans: impl IntoIterator<Item = &'a Span<'a>>) -> Vec<u8> {
    let mut writer = TracesWriter::new(encoding);
    spans.into_iter().for_each(|span| writer.push(span));
    writer.finish()
}
