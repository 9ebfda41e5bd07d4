//! A cursor that parses JSON and borrows from its text, and functions that write JSON.
//!
//! Callers know the structure of the documents that they parse. So they check each field when the cursor is at it,
//! and errors know their place. A general parser would build a tree first, which no caller needs.

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
