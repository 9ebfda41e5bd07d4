//! Ids as API v1 writes them: hexadecimal digits without hyphens.

use ::span::{SpanId, TraceId};

use crate::hex::hex_digits;
use crate::short_span_id::{from_short, is_short};

/// How many digits an id of sixteen bytes has.
pub(super) const DIGITS: usize = 32;
/// How many digits a short span id has, which is one of eight bytes, as in OpenTelemetry.
pub(super) const SHORT_DIGITS: usize = 16;

fn push_digits(out: &mut String, bytes: &[u8]) {
    for &byte in bytes {
        out.extend(hex_digits(byte).map(char::from));
    }
}

pub(super) fn push_trace_id(out: &mut String, id: TraceId) {
    push_digits(out, &id.to_bytes());
}

pub(super) fn trace_id(id: TraceId) -> String {
    let mut out = String::with_capacity(DIGITS);
    push_trace_id(&mut out, id);
    out
}

/// Appends the last `digits` digits of an id.
pub(super) fn push_span_id(out: &mut String, id: SpanId, digits: usize) {
    let bytes = id.to_bytes();
    push_digits(out, bytes.get(bytes.len() - digits / 2..).unwrap_or(&bytes));
}

/// Writes an id in 16 digits if its first eight bytes are zeros, else in 32.
pub(super) fn span_id(id: SpanId) -> String {
    let mut out = String::with_capacity(DIGITS);
    push_span_id(&mut out, id, if is_short(id) { SHORT_DIGITS } else { DIGITS });
    out
}

/// Parses an id of 16 or 32 digits, or a UUID.
pub(super) fn parse_span_id(text: &str) -> Option<SpanId> {
    if text.len() == SHORT_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return u64::from_str_radix(text, 16).ok().map(from_short);
    }
    SpanId::parse_uuid_or_hex(text.as_bytes())
}
