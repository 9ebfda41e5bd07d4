//! Reads export requests in JSON: protobuf's mapping with OpenTelemetry's exceptions, and what senders make of it.
//!
//! Keys come in any order, so a resource or a scope may stand behind its spans. A key may be in camel case or with
//! underscores, null means the same as no field, and numbers may be strings.

mod place;
mod reader;
mod request;
mod scalar;
mod span;
mod value;

pub(super) use request::read;
