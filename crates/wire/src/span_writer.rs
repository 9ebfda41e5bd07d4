//! Answers that are written span by span.

use ::span::Span;

/// Writes spans piece by piece: a large answer need not be whole in memory.
pub trait SpanWriter {
    /// The span is the next one.
    fn push(&mut self, span: &Span<'_>);
    /// How many bytes have been written of the spans since the last `take`.
    fn written(&self) -> usize;
    /// What has been written since the last time.
    fn take(&mut self) -> Vec<u8>;
    /// The rest.
    fn finish(self) -> Vec<u8>;
}

/// A JSON object that ends with a list of spans.
pub struct JsonSpans {
    out: Vec<u8>,
    has_spans: bool,
    put: fn(&mut Vec<u8>, &Span<'_>),
}

impl JsonSpans {
    /// `out` ends with the bracket that opens the list; `put` writes one span.
    pub(crate) fn new(out: Vec<u8>, put: fn(&mut Vec<u8>, &Span<'_>)) -> Self {
        Self { out, has_spans: false, put }
    }
}

impl SpanWriter for JsonSpans {
    fn push(&mut self, span: &Span<'_>) {
        if self.has_spans {
            self.out.push(b',');
        }
        self.has_spans = true;
        (self.put)(&mut self.out, span);
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
