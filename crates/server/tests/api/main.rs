//! The API over a real socket, with a clock that the test sets.

mod grpc;
mod ingest;
mod limits;
mod list;
mod otlp;
mod protocol;
mod stop;
mod support;
mod trace;
mod window;
mod zipkin;
