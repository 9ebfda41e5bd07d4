//! Texts of one length that differ only in hexadecimal digits: UUIDs, hashes, ids with a prefix.
//!
//! Chosen if all texts of a column, or of a dictionary, fit one template. Parameter: the template, which is the text
//! that all have in common with a zero byte for each digit. Format: the digits of all texts, 4 bits each.

use bumpalo::Bump;
use bumpalo::collections::String as ArenaString;

use crate::data::{Data, Region};
use crate::encoding::{Encoded, number};
use crate::error::Damaged;
use crate::layout::size;

/// Limit: longer texts get another encoding.
const TEXT_BYTES_MAX: usize = 128;
/// Marks a digit in the template. Texts that contain this byte get another encoding.
const DIGIT: u8 = 0;
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// What all texts have in common: `text` has [`DIGIT`] at the place of each hexadecimal digit.
#[derive(Debug)]
pub(crate) struct Template {
    text: Vec<u8>,
    digits: usize,
}

impl Template {
    /// Finds the template that all of these texts fit. Returns `None` if there is none.
    pub(crate) fn of<'a>(mut texts: impl Iterator<Item = &'a [u8]>) -> Option<Self> {
        let first = texts.next().filter(|first| first.len() <= TEXT_BYTES_MAX && !first.contains(&DIGIT))?;
        let mut differs = vec![0; first.len()];
        let mut is_other: Vec<u8> = first.iter().map(|&byte| not_a_digit(byte)).collect();
        for text in texts {
            if text.len() != first.len() {
                return None;
            }
            let notes = differs.iter_mut().zip(&mut is_other);
            for ((differs, is_other), (&byte, &of_first)) in notes.zip(text.iter().zip(first)) {
                *differs |= byte ^ of_first;
                *is_other |= not_a_digit(byte);
            }
        }
        let mut text = first.to_vec();
        let mut digits = 0;
        for (byte, (&differs, &is_other)) in text.iter_mut().zip(differs.iter().zip(&is_other)) {
            match (differs, is_other) {
                (0, _) => {}
                (_, 0) => {
                    *byte = DIGIT;
                    digits += 1;
                }
                _ => return None,
            }
        }
        (digits > 0).then_some(Self { text, digits })
    }

    /// Returns how many bytes [`encode`](Self::encode) makes of this many texts.
    pub(crate) fn bytes(&self, texts: usize) -> usize {
        (texts * self.digits).div_ceil(2)
    }

    /// Encodes texts. The template must have been made from them.
    pub(crate) fn encode<'a>(&self, texts: impl ExactSizeIterator<Item = &'a [u8]>) -> Encoded {
        let count = texts.len();
        let mut bytes = Vec::with_capacity(self.bytes(count));
        // The first digit of a byte, which is its lower half, while the second one is not known yet.
        let mut half: Option<u8> = None;
        for text in texts {
            let digits = text.iter().zip(&self.text).filter(|(_, place)| **place == DIGIT);
            for digit in digits.map(|(&byte, _)| value_of(byte)) {
                match half.take() {
                    None => half = Some(digit),
                    Some(low) => bytes.push(low | digit << 4),
                }
            }
        }
        bytes.extend(half);
        Encoded {
            encoding: number::HEX,
            count: count as u64,
            parameters: self.text.clone(),
            bytes,
            ..Encoded::default()
        }
    }
}

/// Returns 1 if the byte is no hexadecimal digit. It has no branch, so that the compiler checks many bytes in one
/// step.
#[inline]
fn not_a_digit(byte: u8) -> u8 {
    let is_digit = byte.wrapping_sub(b'0') < 10;
    let is_letter = byte.wrapping_sub(b'a') < 6;
    u8::from(!(is_digit | is_letter))
}

/// Returns the value of a digit. Letters have bit 64 set, decimal digits do not.
#[inline]
fn value_of(digit: u8) -> u8 {
    (digit & 0xf) + 9 * (digit >> 6)
}

/// The reader of texts with hexadecimal digits.
#[derive(Clone, Debug)]
pub(crate) struct Hex {
    region: Region,
    count: usize,
    template: Box<str>,
    digits: usize,
}

impl Hex {
    pub(crate) fn new(region: Region, count: u64, parameters: &[u8]) -> Result<Self, Damaged> {
        let template = str::from_utf8(parameters).map_err(|_| region.damaged("a text is not UTF-8"))?;
        if template.len() > TEXT_BYTES_MAX {
            return Err(region.damaged("the template of a column of texts is too long"));
        }
        let digits = template.matches(char::from(DIGIT)).count();
        let count = size(count);
        match count.checked_mul(digits) {
            Some(all) if all.div_ceil(2) <= region.len() => {
                Ok(Self { region, count, template: template.into(), digits })
            }
            _ => Err(region.damaged("a column has fewer hexadecimal digits than it should")),
        }
    }

    pub(crate) fn get<'a>(&self, data: &Data, index: usize, arena: &'a Bump) -> Result<&'a str, Damaged> {
        if index >= self.count {
            return Err(self.region.damaged("a text is outside of its column"));
        }
        let (first, end) = (index * self.digits, (index + 1) * self.digits);
        let bytes = self.region.slice(data, first / 2, end.div_ceil(2) - first / 2)?;
        let digit = |byte: u8| char::from(DIGITS.get(usize::from(byte)).copied().unwrap_or_default());
        let halves = bytes.iter().flat_map(|byte| [byte & 0xf, byte >> 4]);
        let mut digits = halves.skip(first % 2).map(digit);
        let mut text = ArenaString::with_capacity_in(self.template.len(), arena);
        for place in self.template.chars() {
            text.push(if place == char::from(DIGIT) { digits.next().unwrap_or(place) } else { place });
        }
        Ok(text.into_bump_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Template;

    fn template(texts: &[&str]) -> Option<(String, usize)> {
        let template = Template::of(texts.iter().map(|text| text.as_bytes()))?;
        Some((String::from_utf8(template.text).expect("texts are UTF-8"), template.digits))
    }

    #[test]
    fn a_template_has_the_common_text_and_marks_the_digits() {
        assert_eq!(template(&["req-0a", "req-1a", "req-2b"]), Some(("req-\0\0".to_owned(), 2)));
        assert_eq!(template(&["é7", "éa"]), Some(("é\0".to_owned(), 1)));
        assert_eq!(template(&["a4-1", "b4-1"]), Some(("\x004-1".to_owned(), 1)));
    }

    #[test]
    fn texts_that_differ_in_more_than_digits_have_no_template() {
        for texts in [
            &["0a", "0g"][..],
            &["0a", "0A"],
            &["0a", "0ab"],
            &["a", "é"],
            &["\0a", "\0b"],
            &["a", "a"],
            &[],
            &["", ""],
        ] {
            assert_eq!(template(texts), None, "{texts:?}");
        }
        let long = ["a".repeat(129), "b".repeat(129)];
        assert_eq!(template(&[&long[0], &long[1]]), None);
    }
}
