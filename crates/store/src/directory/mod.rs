//! The index from trace id to rows of segments: one lookup in memory for each id, over all segments.
//!
//! It takes about ten bytes for each trace of a segment: 32 bits of the id's hash, the number of the segment and the
//! row. A match may be false, so the caller has to compare the id. Entries are added before the segment is in the
//! view, and removed after its last reader is done; so a reader finds all rows of its view. Every entry is a cache
//! miss, so the rows of several removed segments are swept out in one pass.

mod builder;
#[expect(clippy::module_inception, reason = "the folder is named for its main type")]
mod directory;
mod keys;
mod partition;
mod removed_segments;
mod row_ref;

pub(crate) use builder::DirectoryBuilder;
pub(crate) use directory::Directory;
pub(crate) use row_ref::{ROWS_MAX, RowRef, SEGMENTS_MAX};
