//! The start: what is on the disk becomes a store again.
//!
//! Nothing that is read is trusted: a damaged file is quarantined, not deleted, and the rest is served. A file of a later
//! version stops the start, because to go on without it could lose what it has.

mod damaged_file;
mod open;
mod piece_marks;
mod replay;
mod segments;

pub(crate) use open::open;
