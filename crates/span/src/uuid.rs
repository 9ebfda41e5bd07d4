//! The text form of 16-byte ids (RFC 4122: 8-4-4-4-12 hexadecimal digits).

/// Bytes of the hyphenated form.
pub(crate) const HYPHENATED_BYTES: usize = 36;
/// Bytes of the bare form, 32 hexadecimal digits.
pub(crate) const BARE_BYTES: usize = 32;

const HYPHENS: [usize; 4] = [8, 13, 18, 23];
/// The positions of the sixteen pairs of digits in the hyphenated form.
const PAIRS: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Parses the hyphenated form, in upper or lower case.
#[inline]
pub(crate) fn parse_hyphenated(text: &[u8; HYPHENATED_BYTES]) -> Option<u128> {
    if HYPHENS.iter().any(|&at| text[at] != b'-') {
        return None;
    }
    let mut bare = [0; BARE_BYTES];
    bare[..8].copy_from_slice(&text[..8]);
    bare[8..12].copy_from_slice(&text[9..13]);
    bare[12..16].copy_from_slice(&text[14..18]);
    bare[16..20].copy_from_slice(&text[19..23]);
    bare[20..].copy_from_slice(&text[24..]);
    parse_bare(&bare)
}

/// Parses 32 hexadecimal digits without hyphens.
#[inline]
pub(crate) fn parse_bare(text: &[u8; BARE_BYTES]) -> Option<u128> {
    let (words, _) = text.as_chunks::<8>();
    let mut id = 0;
    let mut wrong = 0;
    for &word in words {
        let word = u64::from_be_bytes(word);
        wrong |= not_hex(word);
        id = (id << 32) | u128::from(pack(word));
    }
    (wrong == 0).then_some(id)
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES * 0x80;
const LOWS: u64 = ONES * 0x7f;

/// Checks eight bytes at once: sets the high bit of each byte that is no hexadecimal digit.
///
/// Adding `0x7f - n` to a byte below 0x80 sets its high bit where it is above `n`; no sum carries over.
#[inline]
const fn not_hex(word: u64) -> u64 {
    // '0' to '9' become 0 to 9, 'a' to 'f' in either case 1 to 6; 0x80 and above keep their high bit.
    let digit = word ^ (ONES * 0x30);
    let letter = (word | (ONES * 0x20)) ^ (ONES * 0x60);
    let not_digit = ((digit & LOWS) + ONES * (0x7f - 9)) | digit;
    let above_f = ((letter & LOWS) + ONES * (0x7f - 6)) | letter;
    let from_a = (letter & LOWS) + LOWS;
    not_digit & (above_f | !from_a) & HIGHS
}

/// Converts eight hexadecimal digits in ASCII to the number that they stand for; the first digit is the highest.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the upper half has been moved down")]
const fn pack(word: u64) -> u32 {
    let nibbles = (word & (ONES * 0x0f)) + ((word >> 6) & ONES) * 9;
    let bytes = (nibbles | (nibbles >> 4)) & 0x00ff_00ff_00ff_00ff;
    let pairs = (bytes | (bytes >> 8)) & 0x0000_ffff_0000_ffff;
    (pairs | (pairs >> 16)) as u32
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
    use super::{format_hyphenated, parse_bare, parse_hyphenated};

    #[test]
    fn a_written_id_is_read_back() {
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
            for byte in 0..=u8::MAX {
                let mut text = good;
                text[at] = byte;
                let fits = if good[at] == b'-' { byte == b'-' } else { byte.is_ascii_hexdigit() };
                assert_eq!(parse_hyphenated(&text).is_some(), fits, "byte {byte} at {at}");
            }
        }
    }
}
