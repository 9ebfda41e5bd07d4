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

/// Writes spans. Those of the same resource and scope stand together, as far as they come in one piece.
pub struct TracesWriter {
    encoding: Encoding,
    /// What is written and not taken yet.
    out: Vec<u8>,
    /// What is still growing.
    resources: Vec<ResourceSpans>,
    has_resources: bool,
    /// Of the spans that are still growing.
    written: usize,
    head: Vec<u8>,
}

impl TracesWriter {
    pub fn new(encoding: Encoding) -> Self {
        let out = match encoding {
            Encoding::Protobuf => Vec::new(),
            Encoding::Json => b"{\"resourceSpans\":[".to_vec(),
        };
        Self { encoding, out, resources: Vec::new(), has_resources: false, written: 0, head: Vec::new() }
    }

    /// Where the span belongs. What is told apart are the bytes that are written, so two that say the same are
    /// one. The span before usually has the same, so the search begins at the end.
    fn scope_of(
        &mut self,
        span: &Span<'_>,
        put_resource: fn(&mut Vec<u8>, &Span<'_>),
        put_scope: fn(&mut Vec<u8>, &Span<'_>),
    ) -> &mut ScopeSpans {
        self.head.clear();
        put_resource(&mut self.head, span);
        let known = self.resources.iter().rposition(|known| known.resource == self.head);
        let at = known.unwrap_or_else(|| {
            self.resources.push(ResourceSpans { resource: self.head.clone(), scopes: Vec::new() });
            self.resources.len() - 1
        });
        let scopes = &mut self.resources.get_mut(at).expect("it was found, or just put there").scopes;
        self.head.clear();
        put_scope(&mut self.head, span);
        let known = scopes.iter().rposition(|known| known.scope == self.head);
        let at = known.unwrap_or_else(|| {
            scopes.push(ScopeSpans { scope: self.head.clone(), spans: Vec::new() });
            scopes.len() - 1
        });
        scopes.get_mut(at).expect("it was found, or just put there")
    }

    fn flush(&mut self) {
        self.written = 0;
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
        let written = match self.encoding {
            Encoding::Protobuf => {
                let spans = &mut self.scope_of(span, protobuf::put_resource, protobuf::put_scope).spans;
                let before = spans.len();
                protobuf::put_span(spans, span);
                spans.len() - before
            }
            Encoding::Json => {
                let spans = &mut self.scope_of(span, json::put_resource, json::put_scope).spans;
                let before = spans.len();
                if before > 0 {
                    spans.push(b',');
                }
                json::put_span(spans, span);
                spans.len() - before
            }
        };
        self.written += written;
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
