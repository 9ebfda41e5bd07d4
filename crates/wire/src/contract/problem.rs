//! What can be wrong with a batch, and where in a span it is.

use std::fmt;

use super::quoted::Quoted;
use crate::json::SyntaxError;

/// What is wrong at a place of a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Problem {
    /// The text there is not the JSON that it has to be; its byte is known.
    Syntax(SyntaxError),
    /// It breaks a rule of the contract, which is in this sentence. The place names the field, so no byte is needed.
    Rule(&'static str),
}

impl Problem {
    /// Names the contract's rule where something else stands than what was `expected`. Other errors stay, because the
    /// sentence of a rule would hide a quote or a brace that is missing.
    #[cold]
    pub(super) fn or_rule(error: SyntaxError, expected: &'static str, rule: &'static str) -> Self {
        if error.is_missing(expected) { Self::Rule(rule) } else { Self::Syntax(error) }
    }

    pub(super) const fn syntax_error(self) -> Option<SyntaxError> {
        match self {
            Self::Syntax(error) => Some(error),
            Self::Rule(_) => None,
        }
    }
}

impl From<SyntaxError> for Problem {
    fn from(error: SyntaxError) -> Self {
        Self::Syntax(error)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => error.fmt(f),
            Self::Rule(rule) => f.write_str(rule),
        }
    }
}

/// Where in a span a problem is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place<'a> {
    /// In the span itself, outside of the fields that the contract has.
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

/// Why a span cannot be taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct SpanProblem<'a> {
    pub(super) place: Place<'a>,
    pub(super) problem: Problem,
}

impl<'a> SpanProblem<'a> {
    pub(super) fn new(place: Place<'a>, problem: impl Into<Problem>) -> Self {
        Self { place, problem: problem.into() }
    }

    pub(super) const fn rule(place: Place<'a>, rule: &'static str) -> Self {
        Self { place, problem: Problem::Rule(rule) }
    }
}
