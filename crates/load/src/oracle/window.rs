//! Which starts the window must show and must hide, as far as a client can know.

use span::Timestamp;

/// Limit: how much the server's clock may differ from ours. A start this near to the edge may be shown or hidden.
const CLOCK_TOLERANCE_NANOS: i64 = 2_000_000_000;

/// Whether an answer must not, may or must show something, in this order. If two expectations apply, the smaller one
/// counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Expectation {
    Forbidden,
    Allowed,
    Required,
}

/// The edges of the window while an answer was made: what starts before the first is gone, what starts from the
/// second on is there, and between them both are right. Invariant: `gone_before < kept_from`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WindowEdges {
    gone_before: Timestamp,
    kept_from: Timestamp,
}

impl WindowEdges {
    /// Makes the edges for an answer. `asked` and `answered` are the times of request and answer on the server's
    /// clock.
    pub(crate) fn new(window_nanos: i64, asked: Timestamp, answered: Timestamp) -> Self {
        Self {
            gone_before: asked.saturating_sub(window_nanos).saturating_sub(CLOCK_TOLERANCE_NANOS),
            kept_from: answered.max(asked).saturating_sub(window_nanos).saturating_add(CLOCK_TOLERANCE_NANOS),
        }
    }

    pub(crate) fn expectation(self, start: Timestamp) -> Expectation {
        if start >= self.kept_from {
            Expectation::Required
        } else if start >= self.gone_before {
            Expectation::Allowed
        } else {
            Expectation::Forbidden
        }
    }

    pub(crate) const fn gone_before(self) -> Timestamp {
        self.gone_before
    }

    pub(crate) const fn kept_from(self) -> Timestamp {
        self.kept_from
    }
}
