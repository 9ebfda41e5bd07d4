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

/// Limit: the largest number in answers, 2^53 − 1: a number in a browser has 53 bits. It is 104 days.
const NUMBER_MAX: i64 = (1 << 53) - 1;

/// Returns the nanoseconds from `base` to `time`, or [`NUMBER_MAX`] if there are more.
pub(super) fn offset(time: Timestamp, base: Timestamp) -> i64 {
    time.0.saturating_sub(base.0).clamp(-NUMBER_MAX, NUMBER_MAX)
}

/// Returns a duration in nanoseconds, or [`NUMBER_MAX`] if it is longer: a sender may set any end.
pub(super) fn number(duration: u64) -> u64 {
    duration.min(NUMBER_MAX.unsigned_abs())
}

/// Writes a duration as [`number`] returns it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that the derive calls")]
pub(super) fn duration<S: Serializer>(nanos: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(number(*nanos))
}
