//! Receivers of the protocols of others: OTLP over HTTP and gRPC, and Zipkin.

pub(crate) mod accept;
mod arena;
mod grpc;
mod grpc_health;
mod otlp;
mod otlp_http;
mod routes;
mod zipkin;

pub(crate) use grpc::respond_refusal as respond_in_grpc;
pub(crate) use routes::{otlp_grpc_router, otlp_http_router, otlp_http_routes, zipkin_router, zipkin_routes};
