//! Why a body is refused as a whole.

use std::error::Error;
use std::fmt;

use budget::Shortage;

use super::decode_error::DecodeError;
use crate::{json, protobuf};

/// Limit: characters of a field's name in a message. An unknown one may be as long as a body.
const FIELD_CHARS_MAX: usize = 40;

/// Why a body is refused as a whole. None of its spans is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Malformed {
    /// The body is not valid in its format. The answer is 400, or `INVALID_ARGUMENT`.
    Syntax(SyntaxError),
    /// The body has more than [`ITEMS_MAX`](super::ITEMS_MAX) items. The answer is 413, or `RESOURCE_EXHAUSTED`.
    TooManyItems,
    /// The spans need more memory than is left. The answer is 413 where the whole budget is too small, else 503.
    NoMemory(Shortage),
}

/// An error in the syntax of a body, or a broken rule of Zipkin's format, and its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError(Cause);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Cause {
    Json(json::SyntaxError),
    /// `at` is how many bytes of the body are before the error. It is unknown in a message that was joined from
    /// parts.
    Protobuf {
        error: protobuf::SyntaxError,
        at: Option<usize>,
    },
    /// The span with this index breaks this rule of Zipkin's format.
    Zipkin {
        index: usize,
        rule: &'static str,
    },
    /// In the span with this index, at `place`, the JSON is not valid or has a value of another type.
    ZipkinJson {
        index: usize,
        place: String,
        error: json::SyntaxError,
    },
}

impl Malformed {
    #[cold]
    pub(crate) fn new(error: DecodeError, body: &[u8]) -> Self {
        match error {
            DecodeError::TooManyItems => Self::TooManyItems,
            DecodeError::NoMemory(shortage) => Self::NoMemory(shortage),
            DecodeError::Json(error) => Self::Syntax(SyntaxError(Cause::Json(error))),
            DecodeError::Protobuf(error) => {
                Self::Syntax(SyntaxError(Cause::Protobuf { error, at: error.offset_in(body) }))
            }
        }
    }

    /// Makes the error that the span with this index breaks a rule of Zipkin's format.
    #[cold]
    pub(crate) fn zipkin(index: usize, rule: &'static str) -> Self {
        Self::Syntax(SyntaxError(Cause::Zipkin { index, rule }))
    }

    /// Makes the error in the JSON of a field of the span with this index. The field is empty outside of fields.
    #[cold]
    pub(crate) fn zipkin_json(index: usize, field: &str, error: json::SyntaxError) -> Self {
        let name = field.chars().take(FIELD_CHARS_MAX).flat_map(char::escape_debug);
        let dot = if field.is_empty() { None } else { Some('.') };
        let place = dot.into_iter().chain(name).collect();
        Self::Syntax(SyntaxError(Cause::ZipkinJson { index, place, error }))
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => write!(f, "body: {error}"),
            Self::TooManyItems => f.write_str(
                "body: has too many spans, events, links, attributes, values and bytes that are not UTF-8; \
                 send fewer spans in a request",
            ),
            Self::NoMemory(shortage) => write!(f, "body: {shortage}"),
        }
    }
}

impl Error for Malformed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Syntax(error) => Some(error),
            Self::TooManyItems => None,
            Self::NoMemory(shortage) => Some(shortage),
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
            Cause::ZipkinJson { index, place, error } => write!(f, "[{index}]{place}: {error}"),
        }
    }
}

impl Error for SyntaxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Cause::Json(error) | Cause::ZipkinJson { error, .. } => Some(error),
            Cause::Protobuf { error, .. } => Some(error),
            Cause::Zipkin { .. } => None,
        }
    }
}
