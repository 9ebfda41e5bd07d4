//! Why a request is refused, in a sentence that names the place.

use std::fmt;

use crate::json::Fault;

/// Limit: how much of a client's own words is repeated to it.
const QUOTED_CHARS_MAX: usize = 64;

/// A request breaks a rule. Nothing of it was taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejection {
    sentence: String,
    /// Spans that had been read by then, the one that breaks the rule included.
    pub spans_read: usize,
}

impl Rejection {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), spans_read: 0 }
    }

    pub(crate) fn in_body(fault: Fault) -> Self {
        Self::new(format!("body: {fault}"))
    }

    pub(crate) fn in_span(index: usize, place: Place<'_>, fault: Fault) -> Self {
        Self { sentence: format!("spans[{index}]{place}: {fault}"), spans_read: index + 1 }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Rejection {}

/// A place in a span.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place<'a> {
    Span,
    Field(&'static str),
    Tag(&'a str),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Span => Ok(()),
            Self::Field(name) => write!(f, ".{name}"),
            Self::Tag(key) => write!(f, ".tags[{}]", Quoted(key)),
        }
    }
}

/// A client's words, cut and made safe for one line.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(QUOTED_CHARS_MAX) {
            None => write!(f, "{:?}", self.0),
            Some((cut, _)) => write!(f, "{:?}…", self.0.get(..cut).unwrap_or_default()),
        }
    }
}
