//! The differences that a verifier found between expected and actual answers. All are counted; the first ones are
//! shown.

use std::fmt;
use std::io::{self, Write};

use crate::error::Verdict;

/// Limit: differences to print. The first ones show what is wrong, and a thousand more would hide it.
const SHOWN_MAX: usize = 10;

/// Which rule an answer broke.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DifferenceKind {
    /// An acknowledged trace is not in the list.
    Missing,
    /// The detail of a trace differs.
    Span,
    /// A field of a summary differs.
    Summary,
    /// A trace is listed although this run did not send it.
    Invented,
    /// A trace without an acknowledged root is listed.
    Rootless,
    /// A trace is shown although it is outside the window.
    Aged,
    /// A list is not in order, or has a trace twice.
    Order,
    /// `total`, or the length of a page, is wrong.
    Total,
    /// A list has traces that `after`, `before` or `limit` exclude, or lacks traces that they include.
    Range,
    /// Another rule of the contract, such as which requests are refused.
    Rule,
}

impl DifferenceKind {
    const ALL: [Self; 10] = [
        Self::Missing,
        Self::Span,
        Self::Summary,
        Self::Invented,
        Self::Rootless,
        Self::Aged,
        Self::Order,
        Self::Total,
        Self::Range,
        Self::Rule,
    ];

    /// Returns the name of its counter in the summary line.
    const fn counter(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Span => "span_mismatches",
            Self::Summary => "summary_mismatches",
            Self::Invented => "invented",
            Self::Rootless => "rootless_listed",
            Self::Aged => "aged_shown",
            Self::Order => "order_errors",
            Self::Total => "total_errors",
            Self::Range => "range_errors",
            Self::Rule => "rule_errors",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) kind: DifferenceKind,
    /// The trace id, or the request if the whole answer is wrong.
    pub(crate) subject: String,
    /// The field or property that differs.
    pub(crate) field: String,
    pub(crate) expected: String,
    pub(crate) got: String,
}

impl Difference {
    pub(crate) fn new(
        kind: DifferenceKind,
        subject: impl fmt::Display,
        field: impl Into<String>,
        (expected, got): (impl fmt::Display, impl fmt::Display),
    ) -> Self {
        Self {
            kind,
            subject: subject.to_string(),
            field: field.into(),
            expected: expected.to_string(),
            got: got.to_string(),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, subject, field, expected, got } = self;
        write!(f, "{}: {subject}: {field}: expected {expected}, got {got}", kind.counter())
    }
}

#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// How many traces had to be listed.
    pub(crate) expected: u64,
    /// How many of the expected traces were listed.
    pub(crate) found: u64,
    /// How many traces were compared span by span.
    pub(crate) details: u64,
    counts: [u64; DifferenceKind::ALL.len()],
    shown: Vec<Difference>,
}

impl Findings {
    pub(crate) fn add(&mut self, difference: Difference) {
        self.counts[difference.kind as usize] += 1;
        if self.shown.len() < SHOWN_MAX {
            self.shown.push(difference);
        }
    }

    pub(crate) fn add_all(&mut self, differences: impl IntoIterator<Item = Difference>) {
        differences.into_iter().for_each(|difference| self.add(difference));
    }

    pub(crate) fn verdict(&self) -> Verdict {
        if self.counts.iter().all(|&count| count == 0) { Verdict::Pass } else { Verdict::Fail }
    }

    pub(crate) fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "verify: expected={} found={}", self.expected, self.found)?;
        for kind in DifferenceKind::ALL {
            write!(out, " {}={}", kind.counter(), self.counts[kind as usize])?;
        }
        let verdict = match self.verdict() {
            Verdict::Pass => "PASS",
            Verdict::Fail => "FAIL",
        };
        writeln!(out, " details={}  {verdict}", self.details)?;
        for difference in &self.shown {
            writeln!(out, "  {difference}")?;
        }
        let hidden = self.counts.iter().sum::<u64>() - self.shown.len() as u64;
        if hidden > 0 {
            writeln!(out, "  … and {hidden} more")?;
        }
        Ok(())
    }
}
