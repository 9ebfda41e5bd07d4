//! The members at the beginning of every answer.

use ::serde::Serialize;
use ::span::Timestamp;

use super::times::nanos;

/// The members at the beginning of every answer of API v1.
#[derive(Clone, Copy, Serialize)]
pub struct AnswerHead<'a> {
    /// A text that changes when the server restarts. Cursors and revisions from before a restart are invalid.
    pub epoch: &'a str,
    #[serde(rename = "now_ns", serialize_with = "nanos")]
    pub now: Timestamp,
    /// How many damaged segments were left out of the answer. The member is absent if there are none.
    #[serde(skip_serializing_if = "is_zero")]
    pub segments_left_out: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
