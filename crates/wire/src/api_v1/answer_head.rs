//! What every answer begins with.

use ::serde::Serialize;
use ::span::Timestamp;

use super::times::nanos;

/// The members that every answer begins with.
#[derive(Clone, Copy, Serialize)]
pub struct AnswerHead<'a> {
    /// A text that is another one after a restart: then cursors and revisions of before mean nothing.
    pub epoch: &'a str,
    #[serde(rename = "now_ns", serialize_with = "nanos")]
    pub now: Timestamp,
    /// How many segments the answer does without, because they are damaged. Written only where there are any.
    #[serde(skip_serializing_if = "is_zero")]
    pub segments_left_out: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}
