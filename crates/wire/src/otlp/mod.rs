//! OpenTelemetry's protocol: what exporters send, and what they are answered.

mod answer;
pub(crate) mod draft;
pub(crate) mod export;
mod json;
mod protobuf;
mod rejected;
mod resource_scopes;
mod schema;
mod traces;
pub(crate) mod work;

pub use answer::{Code, Status, taken};
pub use export::{Encoding, Export, Malformed, decode};
pub use rejected::{Reason, Rejected};
pub use traces::{TracesWriter, write_traces};
pub(crate) use traces::{key, put, put_items, put_json_attributes};
pub use work::{ITEMS_MAX, Oddities};
