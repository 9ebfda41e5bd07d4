//! What the window lets be seen, as far as somebody outside the server can tell.

use span::Timestamp;

/// Limit: how far the server's clock may be from ours; what lies this near to the edge is allowed either way.
const CLOCK_TOLERANCE_NANOS: i64 = 2_000_000_000;

/// Whether something belongs into an answer. The order is that of strength: the weaker of two reasons counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Presence {
    Absent,
    Either,
    Required,
}

/// The edges of the window while an answer was made. Invariant: `gone_before < kept_from`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ages {
    gone_before: Timestamp,
    kept_from: Timestamp,
}

impl Ages {
    /// For an answer that was asked for and came at these times of the server's clock.
    pub(crate) fn new(window_nanos: i64, asked: Timestamp, answered: Timestamp) -> Self {
        Self {
            gone_before: asked.saturating_sub(window_nanos).saturating_sub(CLOCK_TOLERANCE_NANOS),
            kept_from: answered.max(asked).saturating_sub(window_nanos).saturating_add(CLOCK_TOLERANCE_NANOS),
        }
    }

    pub(crate) fn presence(self, start: Timestamp) -> Presence {
        if start >= self.kept_from {
            Presence::Required
        } else if start >= self.gone_before {
            Presence::Either
        } else {
            Presence::Absent
        }
    }

    pub(crate) const fn gone_before(self) -> Timestamp {
        self.gone_before
    }

    pub(crate) const fn kept_from(self) -> Timestamp {
        self.kept_from
    }
}
