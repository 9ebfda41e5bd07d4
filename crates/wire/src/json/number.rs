//! Numbers: integers of 64 bits are parsed on a fast path; others are returned as text.

use super::cursor::Cursor;
use super::syntax_error::{SyntaxError, SyntaxErrorKind};

/// Whether a number is written as an integer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NumberForm {
    Integer,
    WithFractionOrExponent,
}

/// Limit: digits of the fast path. A number of this many digits, or of one more, always fits in an unsigned integer
/// of 64 bits.
const SAFE_DIGITS: usize = 18;

/// Returns the value of eight ASCII digits, or `None` if one of the bytes is no digit.
///
/// Every span has two times of nineteen digits each, so this converts eight digits at once instead of one by one.
#[inline]
fn eight_digits(text: [u8; 8]) -> Option<u64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(text);
    let digits = word ^ (ONES * 0x30);
    // Sets the high bit of every byte that is not from 0 to 9: by the sum, or because the bit was set already. No sum
    // is above 255, so none carries into the next byte.
    let above_nine = ((digits & (ONES * 0x7f)) + ONES * (0x7f - 9)) | digits;
    if above_nine & (ONES * 0x80) != 0 {
        return None;
    }
    // Joins digits to groups of two, then of four, then of eight. Each step multiplies one group by ten, a hundred or
    // ten thousand and adds its neighbour, for all groups of the word at once.
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

impl<'a> Cursor<'a> {
    /// Reads a number with or without fraction and exponent, and returns its text. `what` describes the expected
    /// value for the error if there is no number.
    pub(crate) fn number_text(&mut self, what: &'static str) -> Result<&'a str, SyntaxError> {
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => {}
            _ => return self.missing(what),
        }
        let from = self.at;
        self.number()?;
        Ok(self.slice(from, self.at))
    }

    /// Reads a number or any string, and returns its text. The caller checks that the text of a string is a number.
    /// Protobuf's JSON writes integers of 64 bits as strings, because JavaScript's numbers have only 53 bits.
    pub(crate) fn number_or_string(&mut self) -> Result<&'a str, SyntaxError> {
        if self.peek() == Some(b'"') { self.string("a number") } else { self.number_text("a number") }
    }

    /// Reads a signed integer of 64 bits. `what` describes the expected value for the error if there is no number.
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
        // More digits, a fraction or an exponent are rare. The slow path reads the number again and makes the errors.
        match (self.byte(), i64::try_from(value)) {
            (Some(b'0'..=b'9' | b'.' | b'e' | b'E'), _) | (_, Err(_)) => {
                self.at = from;
                self.any_integer()
            }
            (_, Ok(value)) => Ok(value),
        }
    }

    /// Reads an integer by JSON's grammar, byte by byte.
    #[cold]
    fn any_integer(&mut self) -> Result<i64, SyntaxError> {
        let from = self.at;
        if self.number()? == NumberForm::WithFractionOrExponent {
            return Err(SyntaxError { at: from, kind: SyntaxErrorKind::NotAnInteger });
        }
        // The text is an integer by the grammar, so parsing can only fail because the value is out of range.
        let parsed = self.slice(from, self.at).parse();
        parsed.map_err(|_| SyntaxError { at: from, kind: SyntaxErrorKind::IntegerTooLarge })
    }

    /// Moves over a number with or without fraction and exponent.
    pub(super) fn skip_number(&mut self) -> Result<(), SyntaxError> {
        self.number().map(|_| ())
    }

    /// Moves over a number and returns how it is written.
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
