//! Export requests as protobuf, read straight from the body.
//!
//! A message is gone over twice: first for what is single in it and for how many of what repeats it has, then,
//! where there are any, for these, into room that has just the right size.
//! `docs/decisions/0010-otlp-straight-from-the-body.md` has the measurement.

mod lists;
mod request;
mod span;
mod value;

pub(super) use request::read;
