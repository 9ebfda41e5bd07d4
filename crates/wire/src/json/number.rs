//! Numbers.

use super::cursor::Cursor;
use super::fault::{Fault, Reason};

/// What a number looked like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Integer,
    Other,
}

/// Limit: so many digits never exceed 64 bits.
const SAFE_DIGITS: usize = 18;

/// The value of eight ASCII digits, the first one highest, if that is what they are.
#[inline]
fn eight_digits(text: [u8; 8]) -> Option<u64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(text);
    let digits = word ^ (ONES * 0x30);
    let above_nine = ((digits & (ONES * 0x7f)) + ONES * (0x7f - 9)) | digits;
    if above_nine & (ONES * 0x80) != 0 {
        return None;
    }
    // Pairs, then fours, then all eight: each step adds a neighbour to ten, a hundred, ten thousand times this.
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

impl<'a> Cursor<'a> {
    /// Reads a number of any form, as it is written.
    pub(crate) fn number_text(&mut self, what: &'static str) -> Result<&'a str, Fault> {
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => {}
            _ => return self.missing(what),
        }
        let from = self.at;
        self.number()?;
        Ok(self.slice(from, self.at))
    }

    /// Reads an integer of 64 bits with sign.
    #[inline]
    pub(crate) fn integer(&mut self, what: &'static str) -> Result<i64, Fault> {
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
        // What goes on beyond is rare: more digits, a fraction, an exponent.
        match (self.byte(), i64::try_from(value)) {
            (Some(b'0'..=b'9' | b'.' | b'e' | b'E'), _) | (_, Err(_)) => {
                self.at = from;
                self.any_integer()
            }
            (_, Ok(value)) => Ok(value),
        }
    }

    /// The same by the grammar of numbers.
    #[cold]
    fn any_integer(&mut self) -> Result<i64, Fault> {
        let from = self.at;
        if self.number()? == Shape::Other {
            return Err(Fault { at: from, reason: Reason::NotAnInteger });
        }
        // Only what the grammar took is left, so the one way to fail is a value out of range.
        let parsed = self.slice(from, self.at).parse();
        parsed.map_err(|_| Fault { at: from, reason: Reason::IntegerTooLarge })
    }

    /// Steps over a number of any form.
    pub(super) fn skip_number(&mut self) -> Result<(), Fault> {
        self.number().map(|_| ())
    }

    fn number(&mut self) -> Result<Shape, Fault> {
        self.at += usize::from(self.byte() == Some(b'-'));
        if self.byte() == Some(b'0') {
            self.at += 1;
            if self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
                return self.fault(Reason::NotANumber);
            }
        } else {
            self.digits()?;
        }
        let mut shape = Shape::Integer;
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
            shape = Shape::Other;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
            shape = Shape::Other;
        }
        Ok(shape)
    }

    #[inline]
    fn digits(&mut self) -> Result<(), Fault> {
        let from = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > from {
            return Ok(());
        }
        let reason = if self.byte().is_some() { Reason::NotANumber } else { Reason::EndsEarly };
        self.fault(reason)
    }
}
