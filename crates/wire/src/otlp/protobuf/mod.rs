//! Decodes export requests in protobuf directly from the body.
//!
//! A message is read in two passes. The first reads its single fields and counts its repeated ones. The second, if
//! there are any, reads those into memory that is allocated for exactly this count.
//! `docs/decisions/0010-otlp-straight-from-the-body.md` has the measurement.

mod messages;
mod request;
mod span;
mod value;

pub(super) use request::read;
