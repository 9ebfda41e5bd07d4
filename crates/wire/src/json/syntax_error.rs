//! An error in a JSON text, and its position.

use std::fmt;

/// A text is not JSON, or has a JSON value of another type than expected.
///
/// The error is small and contains no text, because every step of a parser returns one in its `Result`, and hardly
/// any is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SyntaxError {
    /// How many bytes of the text are before the error.
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
    /// Whether the error is that the text has something else than `what`.
    pub(crate) fn is_missing(&self, what: &'static str) -> bool {
        self.kind == SyntaxErrorKind::Expected(what)
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            SyntaxErrorKind::Expected(what) => write!(f, "expected {what}"),
            SyntaxErrorKind::EndsEarly => f.write_str("the JSON ends too early"),
            SyntaxErrorKind::NotANumber => f.write_str("invalid JSON number"),
            SyntaxErrorKind::NotAnInteger => f.write_str("must be an integer, without fraction or exponent"),
            SyntaxErrorKind::IntegerTooLarge => f.write_str("must fit in a signed 64-bit integer"),
            SyntaxErrorKind::ControlCharacter => {
                f.write_str("a control character in a string must be escaped")
            }
            SyntaxErrorKind::BadEscape => f.write_str("invalid escape sequence in a JSON string"),
            SyntaxErrorKind::LoneSurrogate => {
                f.write_str("a \\u escape is half of a surrogate pair without the other half")
            }
            SyntaxErrorKind::TooDeep => f.write_str("a value is nested deeper than 128 levels"),
        }?;
        write!(f, " (at byte {})", self.at)
    }
}

impl std::error::Error for SyntaxError {}
