//! The write-ahead log: files of checksummed frames. What is in a frame is opaque here.
//!
//! `Log` writes; many threads append at once, and a frame is acknowledged when it is as durable as was asked for.
//! `LogReader` reads a file back, and says what of it is damaged. `docs/wal-format.md` describes the bytes.
//!
//! Invariant: nothing that was acknowledged stands behind a torn place in the same file.

#![warn(clippy::indexing_slicing)]

mod format;
mod log;
mod name;
mod reader;

pub use format::FRAME_BYTES_MAX;
pub use log::{Appended, BUFFER_BYTES_MAX, DiskAction, Durability, Log, LogError};
pub use name::{file_name, number_of};
pub use reader::{End, Entry, LogReader, ReadError};
