//! The contract's JSON, OpenTelemetry's protocol and Zipkin's JSON, to and from spans. Pure functions, no I/O.

#![warn(clippy::indexing_slicing)]

pub mod contract;
mod json;
pub mod otlp;
mod protobuf;
pub mod zipkin;
