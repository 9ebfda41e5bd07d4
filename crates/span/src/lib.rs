//! The vocabulary of the project: a span, its ids, its times and its limits.
//!
//! It does no I/O and no serialisation, and uses only `std`. The names are OpenTelemetry's; the contract's words
//! (`operation`, `tags`) exist only in `wire`.

mod id;
pub mod limits;
mod model;
mod resource_scope;
mod time;
mod uuid;
mod value;

pub use id::{SpanId, TraceId};
pub use model::{Event, Extras, Kind, Link, Side, Span, Status, TraceSummary};
pub use resource_scope::{Resource, ResourceScope, Scope};
pub use time::{TimeRange, Timestamp};
pub use value::{Attribute, Value};
