//! Numbers as protobuf's JSON mapping has them, and whoever writes them by hand: also as strings.

use super::cursor::Cursor;
use super::fault::Fault;

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
        text.parse().ok().or_else(|| whole(text)).ok_or(Fault::rule(rule))
    }
}

/// A whole number that is written with a fraction or an exponent.
#[cold]
fn whole<T: TryFrom<i128>>(text: &str) -> Option<T> {
    // Beyond this a double does not tell whole numbers apart.
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    let number: f64 = text.parse().ok()?;
    if number.fract() != 0.0 || number.abs() > EXACT_MAX {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and small enough")]
    let number = number as i128;
    T::try_from(number).ok()
}
