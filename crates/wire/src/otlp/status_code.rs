//! OpenTelemetry's numbers for the status of a span.

use span::{Attribute, Status, Value};

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

/// Returns the message of an attribute that says that its span failed; it may be empty. For Zipkin the tag `error`
/// means an error whatever its value is, but some senders write `false` if there was none. Proxies send the tag by
/// OpenTelemetry's protocol, too, without a status.
#[inline]
pub(crate) fn error_message<'a>(attribute: &Attribute<'a>) -> Option<&'a str> {
    if attribute.key != "error" {
        return None;
    }
    match attribute.value {
        Value::Bool(false) | Value::Empty | Value::Text("false") => None,
        Value::Text(text) if text != "true" => Some(text),
        Value::Bool(_)
        | Value::Int(_)
        | Value::Double(_)
        | Value::Text(_)
        | Value::Bytes(_)
        | Value::Array(_)
        | Value::Map(_) => Some(""),
    }
}
