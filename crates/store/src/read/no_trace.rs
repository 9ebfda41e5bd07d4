//! Why a question for one trace has no spans.

/// The trace is not inside the window, as far as the segments could be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the trace is not inside the window")]
pub struct NoTrace {
    pub(super) left_out: usize,
}

impl NoTrace {
    /// Returns how many damaged segments were left out that may have spans of the trace.
    pub fn left_out(self) -> usize {
        self.left_out
    }
}
