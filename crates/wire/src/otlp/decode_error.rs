//! Why a body is not decoded to its end.

use budget::Shortage;

use crate::{json, protobuf};

/// Why a decoder stops before the end of a body. It is small, because every step of a decoder returns one in its
/// `Result`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DecodeError {
    TooManyItems,
    NoMemory(Shortage),
    Json(json::SyntaxError),
    Protobuf(protobuf::SyntaxError),
}

impl From<Shortage> for DecodeError {
    fn from(shortage: Shortage) -> Self {
        Self::NoMemory(shortage)
    }
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
