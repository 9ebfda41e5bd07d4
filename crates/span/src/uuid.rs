//! The text form of 16-byte ids (RFC 4122: 8-4-4-4-12 hexadecimal digits).

/// Bytes of the hyphenated form.
pub(crate) const HYPHENATED_BYTES: usize = 36;
/// Bytes of the bare form, 32 hexadecimal digits.
pub(crate) const BARE_BYTES: usize = 32;

const NOT_HEX: u8 = 0xff;
const HYPHENS: [usize; 4] = [8, 13, 18, 23];
/// Where the sixteen pairs of digits stand in the hyphenated form.
const PAIRS: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

const HEX_VALUES: [u8; 256] = {
    let mut values = [NOT_HEX; 256];
    let mut digit = 0u8;
    while digit < 16 {
        values[DIGITS[digit as usize] as usize] = digit;
        values[DIGITS[digit as usize].to_ascii_uppercase() as usize] = digit;
        digit += 1;
    }
    values
};
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Reads the hyphenated form, in either case of letters.
pub(crate) fn parse_hyphenated(text: &[u8; HYPHENATED_BYTES]) -> Option<u128> {
    if HYPHENS.iter().any(|&at| text[at] != b'-') {
        return None;
    }
    parse_pairs(|pair| (text[PAIRS[pair]], text[PAIRS[pair] + 1]))
}

/// Reads 32 hexadecimal digits without hyphens.
pub(crate) fn parse_bare(text: &[u8; BARE_BYTES]) -> Option<u128> {
    parse_pairs(|pair| (text[2 * pair], text[2 * pair + 1]))
}

/// One pass without a branch per digit: a wrong digit sets high bits that survive to the end.
#[inline]
fn parse_pairs(pair_at: impl Fn(usize) -> (u8, u8)) -> Option<u128> {
    let mut bytes = [0u8; 16];
    let mut seen = 0u8;
    for (pair, byte) in bytes.iter_mut().enumerate() {
        let (high, low) = pair_at(pair);
        let (high, low) = (HEX_VALUES[high as usize], HEX_VALUES[low as usize]);
        seen |= high | low;
        *byte = (high << 4) | (low & 0x0f);
    }
    (seen != NOT_HEX).then(|| u128::from_be_bytes(bytes))
}

/// Writes the hyphenated form in lower case.
pub(crate) fn format_hyphenated(id: u128) -> [u8; HYPHENATED_BYTES] {
    let mut text = [b'-'; HYPHENATED_BYTES];
    for (byte, at) in id.to_be_bytes().into_iter().zip(PAIRS) {
        text[at] = DIGITS[usize::from(byte >> 4)];
        text[at + 1] = DIGITS[usize::from(byte & 0x0f)];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{NOT_HEX, format_hyphenated, parse_bare, parse_hyphenated};

    #[test]
    fn what_is_written_reads_back() {
        for id in [0, 1, u128::MAX, 0x0123_4567_89ab_cdef_0fed_cba9_8765_4321] {
            assert_eq!(parse_hyphenated(&format_hyphenated(id)), Some(id));
        }
    }

    #[test]
    fn both_cases_and_the_bare_form_mean_the_same() {
        let id = Some(0xABCD_EF01_2345_6789_ABCD_EF01_2345_6789);
        assert_eq!(parse_hyphenated(b"abcdef01-2345-6789-abcd-ef0123456789"), id);
        assert_eq!(parse_hyphenated(b"ABCDEF01-2345-6789-ABCD-EF0123456789"), id);
        assert_eq!(parse_bare(b"abcdef0123456789ABCDEF0123456789"), id);
    }

    #[test]
    fn every_wrong_byte_at_every_place_is_refused() {
        let good = format_hyphenated(0x1111_1111_1111_1111_1111_1111_1111_1111);
        for at in 0..good.len() {
            for byte in 0..=NOT_HEX {
                let mut text = good;
                text[at] = byte;
                let fits = if good[at] == b'-' { byte == b'-' } else { byte.is_ascii_hexdigit() };
                assert_eq!(parse_hyphenated(&text).is_some(), fits, "byte {byte} at {at}");
            }
        }
    }
}
