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
}
