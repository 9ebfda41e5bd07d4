//! OpenTelemetry's numbers for the status of a span.

use span::Status;

/// Returns the status with this number, if there is one.
#[inline]
pub(crate) const fn status_of(code: i32) -> Option<Status> {
    match code {
        0 => Some(Status::Unset),
        1 => Some(Status::Ok),
        2 => Some(Status::Error),
        _ => None,
    }
}

/// Returns the number of a status.
pub(crate) const fn status_code(status: Status) -> i32 {
    match status {
        Status::Unset => 0,
        Status::Ok => 1,
        Status::Error => 2,
    }
}
