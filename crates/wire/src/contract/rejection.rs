//! Why a request is refused, in a sentence that names the place.

use std::error::Error;
use std::fmt;

use super::problem::{Place, Problem, SpanProblem};
use crate::json::SyntaxError;

/// A request breaks a rule. Nothing of it was taken.
#[derive(Debug)]
pub struct Rejection {
    sentence: String,
    /// The error of the reader that the sentence tells of, where there is one.
    source: Option<Box<dyn Error + Send + Sync>>,
    /// How many spans had been read by then, the one that breaks the rule included.
    pub spans_read: usize,
}

impl Rejection {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), source: None, spans_read: 0 }
    }

    /// A rejection of the whole body, because of an error of its reader.
    pub(crate) fn in_body(error: impl Error + Send + Sync + 'static) -> Self {
        let sentence = format!("body: {error}");
        Self { source: Some(error.into()), ..Self::new(sentence) }
    }

    /// A rejection of the list of spans.
    pub(super) fn in_spans(problem: Problem) -> Self {
        Self { source: boxed(problem.syntax_error()), ..Self::new(format!("spans: {problem}")) }
    }

    /// A rejection of the span with this index.
    pub(super) fn in_span(index: usize, SpanProblem { place, problem }: SpanProblem<'_>) -> Self {
        Self {
            sentence: format!("spans[{index}]{place}: {problem}"),
            source: boxed(problem.syntax_error()),
            spans_read: index + 1,
        }
    }

    /// A rejection of the span with this index, because there are more spans than may come at once.
    pub(super) fn too_many_spans(index: usize) -> Self {
        let rule = "a batch holds at most 500 spans; send the rest in another request";
        Self::in_span(index, SpanProblem::rule(Place::Span, rule))
    }
}

fn boxed(error: Option<SyntaxError>) -> Option<Box<dyn Error + Send + Sync>> {
    error.map(Into::into)
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl Error for Rejection {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}
