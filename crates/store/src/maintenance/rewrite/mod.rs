//! Writes segments anew as one segment: merged, or without the spans that are evicted.

mod inputs;
mod output_row;
mod rewritten;

pub(super) use inputs::rewrite;
pub(super) use rewritten::Rewritten;
