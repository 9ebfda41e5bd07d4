//! The two encodings of OpenTelemetry's messages.

/// How a request and its answer are encoded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Encoding {
    Protobuf,
    Json,
}
