//! Ask the store. Every answer is of one moment: what the shards held when they were looked at, wherever it
//! lies by then.

mod detail;
mod list;
mod listing;
mod piece;
mod trace_spans;

pub use listing::Listing;
pub(crate) use piece::{Pieces, Wanted, row_of, row_root, rows_of, smaller};
pub use trace_spans::TraceSpans;
