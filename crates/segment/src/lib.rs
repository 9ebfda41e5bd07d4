//! One immutable columnar file for one sealed generation of spans, or for several that were merged.
//!
//! A [`Writer`] takes traces in the order that [`Writer::push`] says and returns the bytes of a file. A [`Segment`]
//! reads such bytes. Nothing here does I/O. `docs/segment-format.md` describes the format. Bytes from a disk may be
//! damaged in any way: a reader returns what was written or [`Damaged`], and never panics.

#![warn(clippy::indexing_slicing)]

mod bits;
mod data;
mod encoding;
mod error;
mod footer;
mod layout;
mod meta;
mod name;
mod operation;
mod reader;
mod stream;
mod terms;
mod writer;

pub use error::{Damaged, OpenError};
pub use layout::VERSION;
pub use meta::{Carryover, ColumnMeta, Root, RootNumbers, RowNumbers, SegmentMeta};
pub use name::{Generations, file_name, generations_of};
pub use reader::{PART_BYTES_MAX, Segment, SpanReader};
pub use terms::Terms;
pub use writer::{OperationId, Writer};
