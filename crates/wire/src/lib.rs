//! The contract's JSON, OpenTelemetry's protocol and Zipkin's JSON, to and from spans; what the dashboard asks. Pure
//! functions, no I/O.

#![warn(clippy::indexing_slicing)]

pub mod api_v1;
pub mod contract;
mod json;
pub mod otlp;
mod protobuf;
mod span_writer;
pub mod zipkin;

pub use span_writer::{JsonSpans, SpanWriter};
