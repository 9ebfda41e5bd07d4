//! What every answer begins with.

use ::serde::{Serialize, Serializer};
use ::span::Timestamp;

#[derive(Clone, Copy, Serialize)]
pub struct Head<'a> {
    /// Another one after a restart.
    pub epoch: &'a str,
    #[serde(rename = "now_ns", serialize_with = "nanos")]
    pub now: Timestamp,
}

/// Absolute times are text: a number in a browser has 53 bits.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that the derive calls")]
pub(super) fn nanos<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

#[expect(clippy::ref_option, reason = "the form that the derive calls")]
pub(super) fn some_nanos<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}

pub(super) fn body(answer: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(answer).expect("writing to memory does not fail, and the keys are strings")
}

/// Nanoseconds from `base`, which is near.
pub(super) fn offset(time: Timestamp, base: Timestamp) -> i64 {
    time.0.saturating_sub(base.0)
}
