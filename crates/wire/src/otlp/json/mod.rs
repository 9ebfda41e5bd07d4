//! Decodes export requests in JSON: protobuf's JSON mapping with OpenTelemetry's exceptions, and common deviations of
//! senders.
//!
//! Keys come in any order, so a resource or a scope may come after its spans. Keys may be in camel case or with
//! underscores, null counts as no field, and numbers may be strings.

mod place;
mod reader;
mod request;
mod scalar;
mod span;
mod value;

pub(super) use request::read;
