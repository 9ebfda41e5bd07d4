//! A span as bytes.
//!
//! One encoding for the log and for memory, so that a span is encoded once on its way in; segments keep
//! what has no column of its own in the same form. Every integer is little-endian. Nothing here does I/O.
//! Reading trusts nothing: bytes from a disk may be anything, and the answer then is [`Malformed`].

#![warn(clippy::indexing_slicing)]

mod attributes;
mod batch;
mod extras;
mod operation;
mod raw;
mod reader;
mod resource_scope;
mod span;
pub mod varint;

pub use attributes::{put_attributes, put_value, take_attributes, take_value};
pub use batch::{Batch, Run, write_batch, write_batch_within};
pub use extras::{put_extras, take_extras};
pub use operation::{
    Distinct, NamedOperation, Operation, put_operation, read_names, read_resource_scopes, take_operation,
};
pub use raw::{RawAttribute, RawSpan, RawTail, RawValue};
pub use reader::{Malformed, Reader, put_bytes};
pub use resource_scope::{put_resource_scope, take_resource_scope};
pub use span::{Record, write_span};
