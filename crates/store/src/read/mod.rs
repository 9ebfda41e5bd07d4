//! The room that answers questions. Every answer comes from a snapshot: the state of the store when it was taken,
//! even if spans were sealed, merged or evicted since.

mod durations;
mod hot_roots;
mod hot_trace;
mod list;
mod listing;
mod no_trace;
mod piece_reader;
mod reader;
mod rootless;
mod rootless_scan;
mod scan_roots;
mod segment_roots;
mod selection;
mod shared_spans;
mod snapshot;
mod split_counts;
mod statistics;
mod status;
mod summaries;
mod trace_snapshot;
mod trace_spans;
mod trace_spans_builder;

pub use list::ListLimit;
pub use listing::Listing;
pub use no_trace::NoTrace;
pub(crate) use reader::Reader;
pub use selection::{Outcome, Selection};
pub use snapshot::Snapshot;
pub use statistics::{Series, Statistics};
pub use status::Stats;
pub(crate) use status::StatusReader;
pub use trace_spans::TraceSpans;
