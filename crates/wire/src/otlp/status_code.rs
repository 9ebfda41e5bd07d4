//! The numbers that OpenTelemetry has for the status of a span.

use span::Status;

/// The status that has this number, if any has.
#[inline]
pub(crate) const fn status_of(code: i32) -> Option<Status> {
    match code {
        0 => Some(Status::Unset),
        1 => Some(Status::Ok),
        2 => Some(Status::Error),
        _ => None,
    }
}

/// The number of a status.
pub(crate) const fn status_code(status: Status) -> i32 {
    match status {
        Status::Unset => 0,
        Status::Ok => 1,
        Status::Error => 2,
    }
}
