//! What a client sent, repeated to it.

use std::fmt;

/// Limit: how many characters of a client's own text are repeated to it.
const QUOTED_CHARS_MAX: usize = 64;

/// A text of a client, in quotes, cut, and with escapes for what would break a line.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(QUOTED_CHARS_MAX) {
            None => write!(f, "{:?}", self.0),
            Some((cut, _)) => write!(f, "{:?}…", self.0.get(..cut).unwrap_or_default()),
        }
    }
}
