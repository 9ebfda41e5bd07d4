//! Numbers: integers of 64 bits by a fast path, and all others as they are written.

use super::cursor::Cursor;
use super::syntax_error::{SyntaxError, SyntaxErrorKind};

/// How a number is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NumberForm {
    Integer,
    WithFractionOrExponent,
}

/// Limit: the largest number of so many digits, and of one digit more, fits in 64 bits without sign.
const SAFE_DIGITS: usize = 18;

/// The value of eight ASCII digits, the first one highest; `None` where one of them is no digit.
///
/// Times are nineteen digits and two of them are in every span, so eight digits are read in one step instead of one by
/// one.
#[inline]
fn eight_digits(text: [u8; 8]) -> Option<u64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(text);
    let digits = word ^ (ONES * 0x30);
    // Every byte that is no digit of 0 to 9 gets its high bit: by the sum, or because it had it. No sum is above 255,
    // so none carries into the next byte.
    let above_nine = ((digits & (ONES * 0x7f)) + ONES * (0x7f - 9)) | digits;
    if above_nine & (ONES * 0x80) != 0 {
        return None;
    }
    // Pairs, then fours, then all eight: each step multiplies a group by ten, a hundred or ten thousand and adds its
    // neighbour, for all groups of the word at once.
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

impl<'a> Cursor<'a> {
    /// Reads a number of any form, and returns it as it is written.
    pub(crate) fn number_text(&mut self, what: &'static str) -> Result<&'a str, SyntaxError> {
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => {}
            _ => return self.missing(what),
        }
        let from = self.at;
        self.number()?;
        Ok(self.slice(from, self.at))
    }

    /// Reads a number, or a string that should hold one, and returns it as it is written. Protobuf's JSON writes
    /// integers of 64 bits as strings, because JavaScript's numbers have 53.
    pub(crate) fn number_or_string(&mut self) -> Result<&'a str, SyntaxError> {
        if self.peek() == Some(b'"') { self.string("a number") } else { self.number_text("a number") }
    }

    /// Reads an integer of 64 bits with sign.
    #[inline]
    pub(crate) fn integer(&mut self, what: &'static str) -> Result<i64, SyntaxError> {
        match self.peek() {
            Some(b'1'..=b'9') => {}
            Some(b'-' | b'0') => return self.any_integer(),
            _ => return self.missing(what),
        }
        let from = self.at;
        let mut value = 0;
        while let Some(eight) = self.text.as_bytes().get(self.at..).and_then(<[u8]>::first_chunk)
            && self.at - from <= SAFE_DIGITS - 8
            && let Some(digits) = eight_digits(*eight)
        {
            value = value * 100_000_000 + digits;
            self.at += 8;
        }
        while let Some(byte @ b'0'..=b'9') = self.byte()
            && self.at - from <= SAFE_DIGITS
        {
            value = value * 10 + u64::from(byte - b'0');
            self.at += 1;
        }
        // More digits, a fraction or an exponent are rare. The slow path begins anew, and makes the errors.
        match (self.byte(), i64::try_from(value)) {
            (Some(b'0'..=b'9' | b'.' | b'e' | b'E'), _) | (_, Err(_)) => {
                self.at = from;
                self.any_integer()
            }
            (_, Ok(value)) => Ok(value),
        }
    }

    /// Reads an integer by JSON's grammar of numbers, byte by byte.
    #[cold]
    fn any_integer(&mut self) -> Result<i64, SyntaxError> {
        let from = self.at;
        if self.number()? == NumberForm::WithFractionOrExponent {
            return Err(SyntaxError { at: from, kind: SyntaxErrorKind::NotAnInteger });
        }
        // The grammar took it, so the one way to fail is a value out of range.
        let parsed = self.slice(from, self.at).parse();
        parsed.map_err(|_| SyntaxError { at: from, kind: SyntaxErrorKind::IntegerTooLarge })
    }

    /// Steps over a number of any form.
    pub(super) fn skip_number(&mut self) -> Result<(), SyntaxError> {
        self.number().map(|_| ())
    }

    /// Steps over a number, and says how it is written.
    fn number(&mut self) -> Result<NumberForm, SyntaxError> {
        self.at += usize::from(self.byte() == Some(b'-'));
        if self.byte() == Some(b'0') {
            self.at += 1;
            if self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
                return self.error(SyntaxErrorKind::NotANumber);
            }
        } else {
            self.digits()?;
        }
        let mut form = NumberForm::Integer;
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
            form = NumberForm::WithFractionOrExponent;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
            form = NumberForm::WithFractionOrExponent;
        }
        Ok(form)
    }

    #[inline]
    fn digits(&mut self) -> Result<(), SyntaxError> {
        let from = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > from {
            return Ok(());
        }
        let kind =
            if self.byte().is_some() { SyntaxErrorKind::NotANumber } else { SyntaxErrorKind::EndsEarly };
        self.error(kind)
    }
}
