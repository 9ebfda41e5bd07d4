//! Encodes spans as bytes, and decodes them.
//!
//! The log and memory share one encoding, so that a span is encoded once when it arrives. Segments use it for all
//! fields without a column of their own. Integers are little-endian. Nothing here does I/O. Bytes from a disk may be
//! damaged in any way; reading them then returns [`Malformed`].

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
pub use batch::{Batch, Run, WindowStart, write_batch, write_batch_within};
pub use extras::{put_extras, take_extras};
pub use operation::{
    Distinct, NamedOperation, Operation, put_operation, read_names, read_resource_scopes, take_operation,
};
pub use raw::{RawAttribute, RawSpan, RawTail, RawValue};
pub use reader::{Malformed, Reader, put_bytes};
pub use resource_scope::{instance_of, put_resource_scope, take_resource_scope};
pub use span::{Record, write_span};
