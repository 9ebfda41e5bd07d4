//! Reads export requests in protobuf, straight from the body.
//!
//! A message is read in two passes: the first reads its single fields and counts its repeated ones; the second, where
//! there are any, reads those into room of just the right size.
//! `docs/decisions/0010-otlp-straight-from-the-body.md` has the measurement.

mod messages;
mod request;
mod span;
mod value;

pub(super) use request::read;
