//! Protobuf's wire format: fields one after the other, with nothing built in between.

mod fields;
mod skip;
mod write;

pub(crate) use fields::{Fault, Fields, Wire, tag};
pub(crate) use write::{put_bytes, put_fixed32, put_fixed64, put_message, put_number};
