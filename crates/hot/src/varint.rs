//! Unsigned integers in seven-bit groups, the low ones first (LEB128).

/// Bytes of the longest one.
pub(crate) const BYTES_MAX: usize = 10;

/// Appends `value`.
pub(crate) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// Takes one from the front of `bytes`. Only for what `put` wrote: the arena is never damaged.
pub(crate) fn take(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for (index, &byte) in bytes.iter().enumerate().take(BYTES_MAX) {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            *bytes = &bytes[index + 1..];
            return value;
        }
    }
    unreachable!("an integer in the arena always ends")
}

#[cfg(test)]
mod tests {
    use super::{put, take};

    #[test]
    fn what_is_put_is_taken() {
        let values = [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX];
        let mut out = Vec::new();
        for value in values {
            put(&mut out, value);
        }
        let mut rest = out.as_slice();
        assert!(values.iter().all(|&value| take(&mut rest) == value));
        assert!(rest.is_empty());
    }
}
