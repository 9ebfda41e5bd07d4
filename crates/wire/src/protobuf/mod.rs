//! Protobuf's wire format. Reads the fields of a message one after the other, without building an object for the
//! message.

mod fields;
mod skip;
mod syntax_error;
mod write;

pub(crate) use fields::{Fields, WireType, tag};
pub(crate) use syntax_error::SyntaxError;
pub(crate) use write::{put_bytes, put_fixed32, put_fixed64, put_message, put_number};
