//! Writes answers span by span.

use ::span::Span;

/// Writes an answer span by span. The caller takes finished parts, so that a large answer is never complete in
/// memory.
pub trait SpanWriter {
    /// Writes the next span.
    fn push(&mut self, span: &Span<'_>);
    /// Returns how many bytes of spans were written since the last `take`.
    fn written(&self) -> usize;
    /// Returns the part of the answer that was written since the last `take`.
    fn take(&mut self) -> Vec<u8>;
    /// Ends the answer and returns the rest of it.
    fn finish(self) -> Vec<u8>;
}

/// Writes a JSON object whose last member is a list of spans.
pub struct JsonSpans {
    out: Vec<u8>,
    has_spans: bool,
    put_span: fn(&mut Vec<u8>, &Span<'_>),
}

impl JsonSpans {
    /// Makes a writer. `out` has the begin of the answer, up to the bracket that opens the list; `put_span` appends
    /// one span.
    pub(crate) fn new(out: Vec<u8>, put_span: fn(&mut Vec<u8>, &Span<'_>)) -> Self {
        Self { out, has_spans: false, put_span }
    }
}

impl SpanWriter for JsonSpans {
    fn push(&mut self, span: &Span<'_>) {
        if self.has_spans {
            self.out.push(b',');
        }
        self.has_spans = true;
        (self.put_span)(&mut self.out, span);
    }

    fn written(&self) -> usize {
        self.out.len()
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    fn finish(mut self) -> Vec<u8> {
        self.out.extend_from_slice(b"]}");
        self.out
    }
}
