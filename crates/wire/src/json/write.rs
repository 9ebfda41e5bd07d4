//! Writes JSON piece by piece, so that large answers are written directly into their buffer.

use serde::Serialize;

/// Serializes a whole answer.
pub(crate) fn to_bytes(answer: &(impl Serialize + ?Sized)) -> Vec<u8> {
    serde_json::to_vec(answer).expect("writing to memory does not fail, and the keys are strings")
}

/// Serializes a value and appends it.
pub(crate) fn put(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    serde_json::to_writer(out, value).expect("writing to memory does not fail, and the keys are strings");
}

/// Appends a key. Appends a comma before it unless it is the first key of its object.
pub(crate) fn put_key(out: &mut Vec<u8>, name: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// Appends an array; `put_item` appends each of its items.
pub(crate) fn put_items<T>(
    out: &mut Vec<u8>,
    items: impl IntoIterator<Item = T>,
    mut put_item: impl FnMut(&mut Vec<u8>, T),
) {
    out.push(b'[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        put_item(out, item);
    }
    out.push(b']');
}

/// Returns the name that protobuf's JSON has for NaN and the infinities, or `None` for every other number.
pub(crate) fn non_finite_name(value: f64) -> Option<&'static str> {
    if value.is_finite() {
        None
    } else if value.is_nan() {
        Some("NaN")
    } else if value > 0.0 {
        Some("Infinity")
    } else {
        Some("-Infinity")
    }
}
