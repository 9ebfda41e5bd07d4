//! OpenTelemetry's protocol: decodes what exporters send, and writes the answers.

mod answer;
mod decode;
mod decode_error;
mod encoding;
mod export;
mod items;
mod json;
mod malformed;
mod protobuf;
mod rejected;
mod repairs;
mod request_decoder;
mod resource_scopes;
mod schema;
mod span_draft;
mod span_source;
mod status_code;
mod traces;

pub use answer::{Code, Status, taken};
pub use decode::decode;
pub(crate) use decode_error::DecodeError;
pub use encoding::Encoding;
pub use export::Export;
pub use items::ITEMS_MAX;
pub(crate) use items::SPAN_ITEMS;
pub use malformed::{Malformed, SyntaxError};
pub use rejected::{Reason, Rejected};
pub use repairs::Repairs;
pub(crate) use request_decoder::RequestDecoder;
pub(crate) use span_source::{SERVICE_NAME, SpanSource, UNKNOWN_SERVICE};
pub(crate) use status_code::{error_message, status_code};
pub(crate) use traces::put_attribute_list;
pub use traces::{TracesWriter, write_traces};
