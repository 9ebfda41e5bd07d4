//! What is wrong with bytes that should be protobuf, and where.

use std::fmt;

/// The bytes are not protobuf.
///
/// It is small and has no text of its own, because every step of a reader has room for one and hardly any is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SyntaxError {
    /// The address in memory of the byte: a message knows where it is, but not which body it came from.
    pub(super) address: usize,
    pub(super) reason: &'static str,
}

impl SyntaxError {
    /// How many bytes of `body` are before the error; `None` where it is not in `body`, because its message was put
    /// together from several parts.
    pub(crate) fn offset_in(self, body: &[u8]) -> Option<usize> {
        self.address.checked_sub(body.as_ptr().addr()).filter(|&offset| offset <= body.len())
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not protobuf: {}", self.reason)
    }
}

impl std::error::Error for SyntaxError {}
