//! What the dashboard asks beyond the contract: `docs/api-v1.md`.

mod answer;
mod api_v1_state;
mod cursor;
mod info;
mod points;
mod revision;
mod routes;
mod selection;
mod service_numbers;
mod span_details;
mod statistics;
mod stream;
mod stream_feed;
mod tree;
mod whole_trace;

pub(crate) use routes::routes;
