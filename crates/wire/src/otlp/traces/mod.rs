//! Spans back as `TracesData`, with all that they came with.

mod json;
mod owner;
mod protobuf;
mod writer;

pub(crate) use json::{key, put, put_items, put_json_attributes};
pub use writer::{TracesWriter, write_traces};
