//! The start: makes a store from the files on the disk.
//!
//! No file is trusted: a damaged file is quarantined, not deleted, and all others are used. A file of a later version
//! stops the start, because continuing without it could lose its data.

mod folder;
mod open;
mod piece_marks;
mod replay;
mod segments;

pub(crate) use open::open;
