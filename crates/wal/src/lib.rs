//! The write-ahead log: files of checksummed frames. It does not know the content of a frame.
//!
//! `Log` writes; many threads append at once, and a frame is acknowledged when it is as durable as the settings ask.
//! `LogReader` reads a file and reports what is damaged. `docs/wal-format.md` describes the bytes.
//!
//! Invariant: in a file, no acknowledged frame follows a torn write.

#![warn(clippy::indexing_slicing)]

mod format;
mod log;
mod name;
mod reader;

pub use format::FRAME_BYTES_MAX;
pub use log::{Appended, BUFFER_BYTES_MAX, DiskAction, Durability, Log, LogError};
pub use name::{file_name, number_of};
pub use reader::{End, Entry, LogReader, ReadError};
