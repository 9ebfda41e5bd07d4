//! The contract's JSON, OpenTelemetry's protocol and Zipkin's JSON, to and from spans; what the dashboard asks. Pure
//! functions, no I/O.

#![warn(clippy::indexing_slicing)]

pub mod contract;
pub mod dashboard;
mod json;
pub mod otlp;
mod protobuf;
pub mod zipkin;

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
