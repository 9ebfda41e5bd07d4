//! Segments are written anew as one: merged, or without what is to be evicted.

mod inputs;
mod output_row;
mod rewritten;

pub(super) use inputs::rewrite;
pub(super) use rewritten::Rewritten;
