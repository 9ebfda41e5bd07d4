//! Appends fields to a message. Callers leave out fields whose value is the default.

/// Appends a varint: seven bits in a byte, the lowest first.
fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

pub(crate) fn put_number(out: &mut Vec<u8>, tag: u32, value: u64) {
    put_varint(out, tag.into());
    put_varint(out, value);
}

pub(crate) fn put_fixed32(out: &mut Vec<u8>, tag: u32, value: u32) {
    put_varint(out, tag.into());
    out.extend_from_slice(&value.to_le_bytes());
}

pub(crate) fn put_fixed64(out: &mut Vec<u8>, tag: u32, value: u64) {
    put_varint(out, tag.into());
    out.extend_from_slice(&value.to_le_bytes());
}

pub(crate) fn put_bytes(out: &mut Vec<u8>, tag: u32, bytes: &[u8]) {
    put_varint(out, tag.into());
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends a message as a field; `write` appends the fields of the message.
///
/// The length precedes these fields but is known only after they are written. One byte is reserved for it, which is
/// nearly always enough; otherwise the fields are moved.
pub(crate) fn put_message(out: &mut Vec<u8>, tag: u32, write: impl FnOnce(&mut Vec<u8>)) {
    put_varint(out, tag.into());
    let begin = out.len();
    out.push(0);
    write(out);
    let length = out.len() - begin - 1;
    if let (Ok(short @ 0..0x80), Some(length_byte)) = (u8::try_from(length), out.get_mut(begin)) {
        *length_byte = short;
        return;
    }
    let mut bytes = Vec::new();
    put_varint(&mut bytes, length as u64);
    out.splice(begin..=begin, bytes);
}
