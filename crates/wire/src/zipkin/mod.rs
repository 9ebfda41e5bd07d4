//! Reads Zipkin's JSON, version 2: an array of spans.
//!
//! A body is taken whole or not at all, as Zipkin's own server does it: the answer has no field for what was left out.

mod batch;
mod endpoint;
mod reader;
mod sources;
mod span;
mod tags;

pub use batch::decode;
