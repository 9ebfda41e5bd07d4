//! The vocabulary of the project: a span, its ids, its times and its limits.
//!
//! It does no I/O and no serialisation, and uses only `std`. The names are OpenTelemetry's; the contract's words
//! (`operation`, `tags`) exist only in `wire`.

mod id;
mod kind;
pub mod limits;
mod model;
mod reporter;
mod resource_scope;
mod time;
mod uuid;
mod value;

pub use id::{SpanId, TraceId};
pub use kind::Kind;
pub use model::{Event, Extras, Link, Span, Status, TraceSummary};
pub use reporter::Reporter;
pub use resource_scope::{Resource, ResourceScope, SERVICE_INSTANCE, Scope};
pub use time::{TimeRange, Timestamp};
pub use value::{Attribute, Value};
