//! Varints: unsigned integers in groups of seven bits, the low group first (LEB128). Signed integers are folded
//! (zigzag) first.

/// How many bytes the longest varint has.
pub const BYTES_MAX: usize = 10;

/// Appends `value` as a varint.
pub fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// Folds a signed integer, so that small numbers of both signs become small.
pub const fn fold(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// The inverse of [`fold`].
pub const fn unfold(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::{fold, put, unfold};
    use crate::Reader;

    #[test]
    fn integers_are_read_as_they_were_written() {
        let values = [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX];
        let mut out = Vec::new();
        for value in values {
            put(&mut out, value);
        }
        let mut reader = Reader::new(&out);
        assert!(values.iter().all(|&value| reader.take_varint() == Ok(value)));
        assert!(reader.is_empty());
    }

    #[test]
    fn unfolding_gives_back_the_signed_integer() {
        for value in [0, -1, 1, i64::MIN, i64::MAX] {
            assert_eq!(unfold(fold(value)), value);
        }
        assert!(fold(-1) < 4 && fold(1) < 4);
    }
}
