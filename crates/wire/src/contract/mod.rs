//! The contract's JSON: parses batches and parameters, and writes answers.

mod answer;
mod batch;
mod field;
mod parameters;
mod problem;
mod quoted;
mod rejection;
mod span;
mod value_text;

pub use answer::{Accepted, accepted, error, list, trace};
pub use batch::parse_batch;
pub use parameters::{LIMIT_DEFAULT, LIMIT_MAX, ListParameters, parse_list_parameters, parse_trace_id};
pub(crate) use parameters::{parse_count, parse_time};
pub(crate) use quoted::Quoted;
pub use rejection::Rejection;
pub(crate) use value_text::whole_text;
