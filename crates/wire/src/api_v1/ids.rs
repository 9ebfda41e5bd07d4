//! Ids as the dashboard has them: hexadecimal digits without hyphens.

use ::span::{SpanId, TraceId};

/// Digits of an id of 16 bytes, and of a span id of OpenTelemetry's.
pub(super) const DIGITS: usize = 32;
pub(super) const SHORT_DIGITS: usize = 16;

fn push_digits(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for nibble in [byte >> 4, byte & 0x0f] {
            out.push(char::from_digit(nibble.into(), 16).expect("it is below 16"));
        }
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

pub(super) fn is_short(id: SpanId) -> bool {
    id.to_bytes().starts_with(&[0; 8])
}

/// The last digits of an id.
pub(super) fn push_span_id(out: &mut String, id: SpanId, digits: usize) {
    let bytes = id.to_bytes();
    push_digits(out, bytes.get(bytes.len() - digits / 2..).unwrap_or(&bytes));
}

/// In 16 digits where the others are zeros.
pub(super) fn span_id(id: SpanId) -> String {
    let mut out = String::with_capacity(DIGITS);
    push_span_id(&mut out, id, if is_short(id) { SHORT_DIGITS } else { DIGITS });
    out
}

/// Reads 16 digits, 32, or a UUID.
pub(super) fn parse_span_id(text: &str) -> Option<SpanId> {
    if text.len() == SHORT_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let short = u64::from_str_radix(text, 16).ok()?;
        return Some(SpanId::from_bytes(u128::from(short).to_be_bytes()));
    }
    SpanId::parse_uuid_or_hex(text.as_bytes())
}
