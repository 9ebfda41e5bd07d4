//! The two ways in which OpenTelemetry's messages are written.

/// How a request and its answer are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Encoding {
    Protobuf,
    Json,
}
