//! What is wrong with a JSON text, and at which byte.

use std::fmt;

/// A text is not JSON, or not the JSON that was expected.
///
/// It is small and has no text of its own, because every step of a reader has room for one and hardly any is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SyntaxError {
    /// Bytes of the text before the error.
    pub(super) at: usize,
    pub(super) kind: SyntaxErrorKind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum SyntaxErrorKind {
    Expected(&'static str),
    EndsEarly,
    NotANumber,
    NotAnInteger,
    IntegerTooLarge,
    ControlCharacter,
    BadEscape,
    LoneSurrogate,
    TooDeep,
}

impl SyntaxError {
    /// Whether something else stands where `what` was expected.
    pub(crate) fn is_missing(&self, what: &'static str) -> bool {
        self.kind == SyntaxErrorKind::Expected(what)
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            SyntaxErrorKind::Expected(what) => write!(f, "expected {what}"),
            SyntaxErrorKind::EndsEarly => f.write_str("the JSON ends too early"),
            SyntaxErrorKind::NotANumber => f.write_str("not a JSON number"),
            SyntaxErrorKind::NotAnInteger => f.write_str("must be an integer, without fraction or exponent"),
            SyntaxErrorKind::IntegerTooLarge => f.write_str("must fit in a signed 64-bit integer"),
            SyntaxErrorKind::ControlCharacter => {
                f.write_str("a control character in a string must be escaped")
            }
            SyntaxErrorKind::BadEscape => f.write_str("not an escape sequence of JSON"),
            SyntaxErrorKind::LoneSurrogate => f.write_str("half a surrogate pair is not a character"),
            SyntaxErrorKind::TooDeep => f.write_str("nested too deep, at most 128 levels are read"),
        }?;
        write!(f, " (at byte {})", self.at)
    }
}

impl std::error::Error for SyntaxError {}
