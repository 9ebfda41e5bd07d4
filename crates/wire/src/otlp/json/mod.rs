//! Export requests as JSON: protobuf's mapping with OpenTelemetry's exceptions, and what senders make of it.
//!
//! Keys come in any order, so a resource or a scope may stand behind its spans. Keys are taken in both ways of
//! writing, null is the same as absent, numbers may be strings.

mod form;
mod path;
mod request;
mod scalar;
mod span;
mod value;

pub(super) use request::read;
