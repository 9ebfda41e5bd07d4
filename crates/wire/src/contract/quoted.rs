//! Quotes a client's own text in an answer.

use std::fmt;

/// Limit: characters of a client's text that an answer quotes.
const QUOTED_CHARS_MAX: usize = 64;

/// Displays a client's text in quotes: cut to [`QUOTED_CHARS_MAX`] characters, and with escapes for characters that
/// would break the line.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(QUOTED_CHARS_MAX) {
            None => write!(f, "{:?}", self.0),
            Some((cut, _)) => write!(f, "{:?}…", self.0.get(..cut).unwrap_or_default()),
        }
    }
}
