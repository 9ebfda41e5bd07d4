//! Parses requests and writes answers in all formats: the contract's JSON, OpenTelemetry's protocol, Zipkin's JSON,
//! and the JSON of `/api/v1` for the dashboard. Pure functions, no I/O.

#![warn(clippy::indexing_slicing)]

pub mod api_v1;
pub mod contract;
mod hex;
mod json;
pub mod otlp;
mod protobuf;
mod short_span_id;
mod span_writer;
pub mod zipkin;

pub use span_writer::{JsonSpans, SpanWriter};
