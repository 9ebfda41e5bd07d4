//! Spans back as `TracesData`, with all that they came with.

mod json;
mod owner;
mod protobuf;
mod writer;

pub use writer::{TracesWriter, write_traces};
