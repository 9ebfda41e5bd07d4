//! The API over a real socket, with a clock that the test sets.

mod api_v1;
mod browser;
mod grpc;
mod ingest;
mod large;
mod ledger;
mod limits;
mod list;
mod otlp;
mod protocol;
mod reads;
mod round_trip;
mod stop;
mod stream;
mod support;
mod trace;
#[path = "../../../wire/tests/otlp/upstream.rs"]
mod upstream;
#[path = "../../../wire/tests/otlp/whole.rs"]
mod whole;
mod window;
mod zipkin;
