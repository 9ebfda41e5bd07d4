//! Decodes Zipkin's JSON, version 2: an array of spans.
//!
//! A body is accepted completely or not at all, as by Zipkin's own server, because the answer has no field for
//! rejected spans.

mod batch;
mod endpoint;
mod reader;
mod sources;
mod span;
mod tags;

pub use batch::decode;
