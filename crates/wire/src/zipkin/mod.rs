//! Zipkin's JSON, version 2: an array of spans.
//!
//! All or nothing, as Zipkin's own server has it: its answers have no place to say what was left out.

mod batch;
mod endpoint;
mod lift;
mod span;

pub use batch::decode;
