//! A broken rule of the contract, and its place in a span.

use std::fmt;

use super::quoted::Quoted;
use crate::json::SyntaxError;

/// Why a value in a batch is invalid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Problem {
    /// The text is not JSON, or not a JSON value of the right type. The error has the position.
    Syntax(SyntaxError),
    /// The value breaks this rule of the contract. The message names the field, so it needs no byte.
    Rule(&'static str),
}

impl Problem {
    /// Returns the contract's `rule` as the problem if `error` says that a value is not the `expected` one. Other
    /// errors stay, because the text of a rule would hide that a quote or a brace is missing.
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
    /// In the span itself, not in one of its fields.
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

/// Why a span is refused, and where in it the problem is.
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
