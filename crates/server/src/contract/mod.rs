//! The contract: `POST /spans`, `GET /traces`, `GET /traces/{trace_id}` and `GET /health`, with `GET /ready`
//! beside it.

mod health;
mod list_traces;
mod post_spans;
mod routes;
mod trace;

pub(crate) use routes::{health_routes, question_routes, spans_route};
