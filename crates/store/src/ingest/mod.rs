//! The room that takes batches: it checks them against the window, logs them, and inserts them into the open
//! generation.

mod accept;
mod accepted;
mod by_trace;
mod earlier_pieces;
mod insert;
mod routed;

pub(crate) use accept::Ingest;
pub use accepted::{Accepted, Refused, fits};
pub(crate) use insert::Inserter;
