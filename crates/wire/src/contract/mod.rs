//! The contract's JSON.

mod answer;
mod batch;
mod field;
mod parameter;
mod rejection;
mod span;
mod value;

pub use answer::{Accepted, accepted, error, list, trace};
pub use batch::parse_batch;
pub(crate) use parameter::digits;
pub use parameter::{LIMIT_DEFAULT, LIMIT_MAX, ListParameters, parse_list_parameters, parse_trace_id};
pub(crate) use rejection::Quoted;
pub use rejection::Rejection;
pub(crate) use value::whole_text as text_of;
