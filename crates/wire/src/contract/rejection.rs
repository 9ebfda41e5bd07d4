//! Why a request is refused: a sentence that names the place of the problem.

use std::error::Error;
use std::fmt;

use super::problem::{Problem, SpanProblem};
use crate::json::SyntaxError;

/// Why a request is refused as a whole. Its text is a place, a colon and the broken rule.
#[derive(Debug)]
pub struct Rejection {
    sentence: String,
    /// The parser's error that the sentence repeats, if there is one.
    source: Option<Box<dyn Error + Send + Sync>>,
    /// How many spans were parsed until the rule was broken, including the span that broke it.
    pub spans_read: usize,
}

impl Rejection {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), source: None, spans_read: 0 }
    }

    /// Rejects a request because its body cannot be parsed.
    pub(crate) fn in_body(error: impl Error + Send + Sync + 'static) -> Self {
        let sentence = format!("body: {error}");
        Self { source: Some(error.into()), ..Self::new(sentence) }
    }

    /// Rejects a request because of the query parameter `name`.
    pub(crate) fn in_query(name: &str, rule: impl fmt::Display) -> Self {
        Self::new(format!("query parameter {name}: {rule}"))
    }

    /// Rejects a batch because of its array of spans.
    pub(super) fn in_spans(problem: Problem) -> Self {
        Self { source: boxed(problem.syntax_error()), ..Self::new(format!("spans: {problem}")) }
    }

    /// Rejects a batch because of the span with this index.
    pub(super) fn in_span(index: usize, SpanProblem { place, problem }: SpanProblem<'_>) -> Self {
        Self {
            sentence: format!("spans[{index}]{place}: {problem}"),
            source: boxed(problem.syntax_error()),
            spans_read: index + 1,
        }
    }

    /// Rejects a batch because it has more spans than the limit. `index` is that of the first span too many.
    pub(super) fn too_many_spans(index: usize) -> Self {
        let sentence =
            "spans: must be an array of 1 to 500 spans, but has more; send the others in another request";
        Self { spans_read: index + 1, ..Self::new(sentence) }
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
