//! An error in the encoding of a protobuf message, and its position.

use std::fmt;

/// The bytes are not valid protobuf.
///
/// The error is small and contains no owned text, because every step of a decoder returns one in its `Result`, and
/// hardly any is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SyntaxError {
    /// The address in memory of the byte at which the error is, because the reader of a message does not know the
    /// offset of the message in the body.
    pub(super) address: usize,
    pub(super) reason: &'static str,
}

impl SyntaxError {
    /// Returns how many bytes of `body` are before the error, or `None` if the error is in a message that was joined
    /// from several parts and so is not in `body`.
    pub(crate) fn offset_in(self, body: &[u8]) -> Option<usize> {
        self.address.checked_sub(body.as_ptr().addr()).filter(|&offset| offset <= body.len())
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid protobuf: {}", self.reason)
    }
}

impl std::error::Error for SyntaxError {}
