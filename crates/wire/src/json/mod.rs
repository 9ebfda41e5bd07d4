//! A cursor over JSON text that borrows what it reads, and the few pieces that JSON is written with.
//!
//! The cursor is made for documents whose form is known, so that a field is checked where it is read and an error
//! knows its place. A general parser would build a tree first, which nobody here needs.

mod containers;
mod cursor;
mod number;
mod read_json;
mod scaled_decimal;
mod skip;
mod string;
mod syntax_error;
mod write;

pub(crate) use cursor::Cursor;
pub(crate) use read_json::ReadJson;
pub(crate) use scaled_decimal::ScaledDecimal;
pub(crate) use syntax_error::SyntaxError;
pub(crate) use write::{non_finite_name, put, put_items, put_key, to_bytes};
