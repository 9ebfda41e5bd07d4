//! Exact arithmetic for decimal numbers that are written with a fraction or an exponent.

/// The integer part of a decimal number that was multiplied by a power of ten.
///
/// It is computed from the digits and not from a double, because a double is too short for nanoseconds since 1970 and
/// would be wrong by up to 128 of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ScaledDecimal {
    /// The value, rounded toward zero. If it does not fit in 128 bits, it is `i128::MAX` or `-i128::MAX`.
    pub(crate) value: i128,
    /// Whether the exact value is an integer, so that rounding changed nothing.
    pub(crate) is_whole: bool,
}

impl ScaledDecimal {
    /// Parses a decimal number and multiplies it by ten to the power of `places`. Returns `None` if `text` is no
    /// number.
    pub(crate) fn parse(text: &str, places: i64) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (text, 0),
        };
        let (is_negative, digits) = match mantissa.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (front, behind) = digits.split_once('.').unwrap_or((digits, ""));
        let digits = || front.bytes().chain(behind.bytes());
        if front.is_empty() || !digits().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        // The exponent moves the decimal point. `whole` is how many digits are then before it, which may be more than
        // there are. A client chose the exponent, so nothing here may overflow.
        let whole = exponent.saturating_add(places).saturating_add(i64::try_from(front.len()).ok()?);
        let whole = usize::try_from(whole.max(0)).unwrap_or(usize::MAX);
        let is_whole = digits().skip(whole).all(|digit| digit == b'0');
        let value = whole_part(digits(), whole);
        Some(Self { value: if is_negative { -value } else { value }, is_whole })
    }
}

/// Returns the number that the first `count` digits form. If there are fewer digits, zeros follow them.
fn whole_part(digits: impl Iterator<Item = u8>, count: usize) -> i128 {
    let mut digits = digits.take(count);
    let mut value = 0_i128;
    for _ in 0..count {
        let digit = digits.next();
        // Zero followed by zeros stays zero. An exponent may ask for very many of them, so the loop ends here.
        if value == 0 && digit.is_none() {
            break;
        }
        let next = value.checked_mul(10).zip(Some(i128::from(digit.unwrap_or(b'0') - b'0')));
        let Some(next) = next.and_then(|(tens, digit)| tens.checked_add(digit)) else { return i128::MAX };
        value = next;
    }
    value
}

/// Parses an exponent. One that does not fit in 64 bits becomes the largest that does, which already moves the
/// decimal point beyond all digits.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(if text.starts_with('-') { i64::MIN } else { i64::MAX }))
}

#[cfg(test)]
mod tests {
    use super::ScaledDecimal;

    fn check_whole(text: &str, places: i64, value: i128) {
        let whole = ScaledDecimal { value, is_whole: true };
        assert_eq!(ScaledDecimal::parse(text, places), Some(whole), "{text}");
    }

    fn check_cut(text: &str, places: i64, value: i128) {
        let cut = ScaledDecimal { value, is_whole: false };
        assert_eq!(ScaledDecimal::parse(text, places), Some(cut), "{text}");
    }

    #[test]
    fn digits_are_taken_exactly() {
        check_whole("1.795e18", 0, 1_795_000_000_000_000_000);
        check_whole("1795000000123456.789", 3, 1_795_000_000_123_456_789);
        check_cut("1795000000123456.7891", 3, 1_795_000_000_123_456_789);
        check_whole("-12.50", 1, -125);
        check_whole("+7.0e0", 0, 7);
        check_cut("0.00125e4", 0, 12);
        check_cut("1e-400", 0, 0);
        check_whole("0e99999999999999999999", 0, 0);
        check_whole("0.0000e5", 0, 0);
        check_whole("9223372036854776000", 0, 9_223_372_036_854_776_000);
    }

    #[test]
    fn a_number_beyond_128_bits_is_the_largest() {
        for text in ["1e39", "1e99999999999999999999", "9".repeat(60).as_str()] {
            check_whole(text, 0, i128::MAX);
        }
        check_whole("-1e40", 0, -i128::MAX);
        check_cut("1e-99999999999999999999", 0, 0);
    }

    #[test]
    fn a_text_that_is_no_number_is_none() {
        for text in
            ["", "-", ".5", "e5", "1e", "1e+", "1e5.0", "1_0", "0x10", "NaN", "1.2.3", "--1", " 1", "é"]
        {
            assert_eq!(ScaledDecimal::parse(text, 0), None, "{text}");
        }
    }
}
