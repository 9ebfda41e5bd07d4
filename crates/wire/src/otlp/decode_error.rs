//! Why a body is not read to its end.

use crate::{json, protobuf};

/// Why a decoder gave up. It is small, because every step of a decoder has room for one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DecodeError {
    TooManyItems,
    Json(json::SyntaxError),
    Protobuf(protobuf::SyntaxError),
}

impl From<json::SyntaxError> for DecodeError {
    fn from(error: json::SyntaxError) -> Self {
        Self::Json(error)
    }
}

impl From<protobuf::SyntaxError> for DecodeError {
    fn from(error: protobuf::SyntaxError) -> Self {
        Self::Protobuf(error)
    }
}
