//! Ask the store. Every answer is of one moment: what the shards held when they were looked at, wherever it
//! lies by then.

mod detail;
mod durations;
mod halves;
mod hot_trace;
mod list;
mod listing;
mod moment;
mod piece;
mod selection;
mod statistics;
mod summaries;
mod survey;
mod trace_spans;

pub use listing::Listing;
pub(crate) use piece::{Pieces, Wanted, root_order, row_of, row_root, rows_of, smaller};
pub use selection::{Outcome, Selection};
pub use statistics::{Series, Statistics};
pub use trace_spans::TraceSpans;
