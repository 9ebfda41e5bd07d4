//! Times in answers.

use ::serde::Serializer;
use ::span::Timestamp;

/// Writes an absolute time in nanoseconds as a string, because numbers in a browser have only 53 bits.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that the derive calls")]
pub(super) fn nanos<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

/// Writes an absolute time as [`nanos`] does, or null.
#[expect(clippy::ref_option, reason = "the form that the derive calls")]
pub(super) fn some_nanos<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}

/// Returns the nanoseconds from `base` to `time`. The times of one window are so near each other that this fits in 53
/// bits.
pub(super) fn offset(time: Timestamp, base: Timestamp) -> i64 {
    time.0.saturating_sub(base.0)
}
