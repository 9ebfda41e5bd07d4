//! Numbers as protobuf's JSON mapping has them, and whoever writes them by hand: also as strings, with a fraction or
//! an exponent.

use super::cursor::Cursor;
use super::fault::Fault;

/// A number times a power of ten, toward zero. Digits are taken as they are written, because a double has not room for
/// nanoseconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Scaled {
    /// The largest or the smallest that there is where the number is beyond it.
    pub(crate) value: i128,
    /// Nothing stood behind it.
    pub(crate) is_whole: bool,
}

impl Scaled {
    /// A decimal number, times ten to the power of `places`.
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
        // So many digits are the whole part; there may be fewer, or none.
        let whole = exponent.saturating_add(places).saturating_add(i64::try_from(front.len()).ok()?);
        let whole = usize::try_from(whole.max(0)).unwrap_or(usize::MAX);
        let is_whole = digits().skip(whole).all(|digit| digit == b'0');
        let value = whole_part(digits(), whole);
        Some(Self { value: if is_negative { -value } else { value }, is_whole })
    }
}

/// The first `count` digits, with zeros behind them where there are fewer.
fn whole_part(digits: impl Iterator<Item = u8>, count: usize) -> i128 {
    let mut digits = digits.take(count);
    let mut value = 0_i128;
    for _ in 0..count {
        let digit = digits.next();
        if value == 0 && digit.is_none() {
            break;
        }
        let next = value.checked_mul(10).zip(Some(i128::from(digit.unwrap_or(b'0') - b'0')));
        let Some(next) = next.and_then(|(tens, digit)| tens.checked_add(digit)) else { return i128::MAX };
        value = next;
    }
    value
}

/// An exponent beyond 64 bits is as good as the largest.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(if text.starts_with('-') { i64::MIN } else { i64::MAX }))
}

impl<'a> Cursor<'a> {
    /// A number, or what should be one as a string, as it is written.
    pub(crate) fn lenient_number(&mut self) -> Result<&'a str, Fault> {
        if self.peek() == Some(b'"') { self.string("a number") } else { self.number_text("a number") }
    }

    /// An integer, `rule` names which; a fraction or an exponent does not matter where the number is whole.
    pub(crate) fn lenient_integer<T>(&mut self, rule: &'static str) -> Result<T, Fault>
    where
        T: std::str::FromStr + TryFrom<i128>,
    {
        let text = self.lenient_number()?;
        let whole = || Scaled::parse(text, 0).filter(|number| number.is_whole);
        let parsed = text.parse().ok().or_else(|| T::try_from(whole()?.value).ok());
        parsed.ok_or(Fault::rule(rule))
    }
}

#[cfg(test)]
mod tests {
    use super::Scaled;

    fn check(text: &str, places: i64, (value, is_whole): (i128, bool)) {
        assert_eq!(Scaled::parse(text, places), Some(Scaled { value, is_whole }), "{text}");
    }

    #[test]
    fn digits_are_taken_exactly() {
        check("1.795e18", 0, (1_795_000_000_000_000_000, true));
        check("1795000000123456.789", 3, (1_795_000_000_123_456_789, true));
        check("1795000000123456.7891", 3, (1_795_000_000_123_456_789, false));
        check("-12.50", 1, (-125, true));
        check("+7.0e0", 0, (7, true));
        check("0.00125e4", 0, (12, false));
        check("1e-400", 0, (0, false));
        check("0e99999999999999999999", 0, (0, true));
        check("0.0000e5", 0, (0, true));
        check("9223372036854776000", 0, (9_223_372_036_854_776_000, true));
    }

    #[test]
    fn what_is_beyond_all_is_the_last_there_is() {
        for text in ["1e39", "1e99999999999999999999", "9".repeat(60).as_str()] {
            check(text, 0, (i128::MAX, true));
        }
        check("-1e40", 0, (-i128::MAX, true));
        check("1e-99999999999999999999", 0, (0, false));
    }

    #[test]
    fn anything_else_is_no_number() {
        for text in
            ["", "-", ".5", "e5", "1e", "1e+", "1e5.0", "1_0", "0x10", "NaN", "1.2.3", "--1", " 1", "é"]
        {
            assert_eq!(Scaled::parse(text, 0), None, "{text}");
        }
    }
}
