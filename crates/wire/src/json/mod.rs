//! A cursor over JSON text that borrows what it reads.
//!
//! Made for one shape of document, so that a field is checked where it is read and an error knows its
//! place; what a general parser would build in between is never built.

mod cursor;
mod fault;
mod lenient;
mod number;
mod read;
mod skip;
mod string;

pub(crate) use cursor::Cursor;
pub(crate) use fault::Fault;
pub(crate) use lenient::Scaled;
pub(crate) use read::Read;
