//! An open segment. Its footer is in memory; columns are read from the bytes of the file.

mod attributes;
mod field_column;
mod open;
mod reporters;
mod rootless;
mod roots;
mod segment;
mod spans;
mod table;
mod traces;
mod verify;

pub(crate) use self::open::ROWS_PER_BYTE_MAX;
pub use self::segment::Segment;
pub use self::spans::{PART_BYTES_MAX, SpanReader};
