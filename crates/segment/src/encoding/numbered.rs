//! Texts that share a prefix and end in a decimal number: `cust-1234`, ports, order numbers.
//!
//! Chosen if all texts of a column have this form. Parameter: the prefix. Format: the numbers as `ints`.

use bumpalo::Bump;
use bumpalo::collections::String as ArenaString;
use std::fmt::Write as _;

use crate::data::{Data, Region};
use crate::encoding::{Encoded, Ints, encode_ints, number};
use crate::error::Damaged;

/// Limit: digits of a number, so that it fits into 64 bits.
const DIGITS_MAX: usize = 19;

/// Splits a text into a prefix and the decimal number at its end. Returns `None` if joining the two would not give
/// the text again, as with leading zeros.
pub(crate) fn split(text: &[u8]) -> Option<(&[u8], u64)> {
    let digits = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (prefix, digits) = text.split_at_checked(text.len() - digits)?;
    let is_canonical = match digits {
        [] => false,
        [b'0', rest @ ..] => rest.is_empty(),
        _ => digits.len() <= DIGITS_MAX,
    };
    let number = || str::from_utf8(digits).ok()?.parse().ok();
    if is_canonical { number().map(|number| (prefix, number)) } else { None }
}

pub(crate) fn encode(prefix: &[u8], numbers: &[u64]) -> Encoded {
    Encoded { encoding: number::NUMBERED, parameters: prefix.to_vec(), ..encode_ints(numbers) }
}

/// The reader of numbered texts.
#[derive(Clone, Debug)]
pub(crate) struct Numbered {
    numbers: Ints,
    prefix: Box<str>,
}

impl Numbered {
    pub(crate) fn new(region: Region, count: u64, parameters: &[u8]) -> Result<Self, Damaged> {
        let prefix = str::from_utf8(parameters).map_err(|_| region.damaged("a text is not UTF-8"))?;
        Ok(Self { numbers: Ints::new(region, count)?, prefix: prefix.into() })
    }

    pub(crate) fn get<'a>(&self, data: &Data, index: usize, arena: &'a Bump) -> Result<&'a str, Damaged> {
        let number = self.numbers.get(data, index)?;
        let mut text = ArenaString::with_capacity_in(self.prefix.len() + DIGITS_MAX + 1, arena);
        text.push_str(&self.prefix);
        write!(text, "{number}").expect("writing to an arena does not fail");
        Ok(text.into_bump_str())
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn only_texts_that_prefix_and_number_give_back_are_split() {
        assert_eq!(split(b"ord-12"), Some((&b"ord-"[..], 12)));
        assert_eq!(split(b"0"), Some((&b""[..], 0)));
        assert_eq!(split(b"x-9999999999999999999"), Some((&b"x-"[..], 9_999_999_999_999_999_999)));
        for text in ["", "ord-", "ord-012", "00", "x-10000000000000000000"] {
            assert_eq!(split(text.as_bytes()), None, "{text}");
        }
    }
}
