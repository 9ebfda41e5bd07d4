//! Bodies that cannot be read at all.

use std::error::Error;
use std::fmt;

use super::decode_error::DecodeError;
use crate::{json, protobuf};

/// The body cannot be read; nothing of it was taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Malformed {
    /// It is not what its format says: 400, or `INVALID_ARGUMENT`.
    Syntax(SyntaxError),
    /// It holds more than [`ITEMS_MAX`](super::ITEMS_MAX): 413, or `RESOURCE_EXHAUSTED`.
    TooManyItems,
}

/// What in a body is not as its format says, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError(Cause);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Cause {
    Json(json::SyntaxError),
    /// `at` counts the bytes of the body before the error; it is unknown where a message was put together from parts.
    Protobuf {
        error: protobuf::SyntaxError,
        at: Option<usize>,
    },
    /// A span of Zipkin's breaks this rule.
    Zipkin {
        index: usize,
        rule: &'static str,
    },
}

impl Malformed {
    #[cold]
    pub(crate) fn new(error: DecodeError, body: &[u8]) -> Self {
        match error {
            DecodeError::TooManyItems => Self::TooManyItems,
            DecodeError::Json(error) => Self::Syntax(SyntaxError(Cause::Json(error))),
            DecodeError::Protobuf(error) => {
                Self::Syntax(SyntaxError(Cause::Protobuf { error, at: error.offset_in(body) }))
            }
        }
    }

    /// The span with this index breaks a rule of Zipkin's format.
    #[cold]
    pub(crate) fn zipkin(index: usize, rule: &'static str) -> Self {
        Self::Syntax(SyntaxError(Cause::Zipkin { index, rule }))
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => write!(f, "body: {error}"),
            Self::TooManyItems => f.write_str(
                "body: holds too many spans, events, links, attributes, values and bytes that are not UTF-8; \
                 send it in several requests",
            ),
        }
    }
}

impl Error for Malformed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Syntax(error) => Some(error),
            Self::TooManyItems => None,
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Json(error) => error.fmt(f),
            Cause::Protobuf { error, at: Some(at) } => write!(f, "{error} (at byte {at})"),
            Cause::Protobuf { error, at: None } => error.fmt(f),
            Cause::Zipkin { index, rule } => write!(f, "[{index}].{rule}"),
        }
    }
}

impl Error for SyntaxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Cause::Json(error) => Some(error),
            Cause::Protobuf { error, .. } => Some(error),
            Cause::Zipkin { .. } => None,
        }
    }
}
