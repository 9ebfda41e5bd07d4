//! The API over a real socket, with a clock that the test sets.

mod api_v1;
mod browser;
mod cases;
mod damage;
mod decay;
mod grpc;
mod heads;
mod ingest;
mod large;
mod ledger;
mod limits;
mod list;
mod memory;
mod otlp;
mod prefix;
mod protocol;
#[path = "../../../wire/tests/otlp/random_spans.rs"]
mod random_spans;
mod reads;
mod ready;
mod round_trip;
mod shared_ids;
mod slow_clients;
mod stop;
mod stream;
mod support;
mod trace;
#[path = "../../../wire/tests/otlp/upstream.rs"]
mod upstream;
mod window;
mod zipkin;
