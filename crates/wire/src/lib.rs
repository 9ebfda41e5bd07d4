//! The contract's JSON and OpenTelemetry's protocol, to and from spans. Pure functions, no I/O.

#![warn(clippy::indexing_slicing)]

pub mod contract;
mod json;
pub mod otlp;
mod protobuf;
