//! `GET /metrics`: what the server counts, in the text format of `OpenMetrics`, which Prometheus reads.

mod collect;
mod count;
mod protocols;
mod registry;
mod requests;
mod routes;

pub(crate) use count::count;
pub(crate) use protocols::Protocol;
pub(crate) use registry::{Metrics, SPAN_TOO_LARGE, Sources};
pub(crate) use routes::routes;
