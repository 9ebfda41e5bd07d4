//! Writes spans as `TracesData`, with all their fields.

mod ids;
mod json;
mod parts;
mod protobuf;
mod resource;
mod writer;

pub(crate) use json::put_attribute_list;
pub use writer::{TracesWriter, write_traces};
