//! Numbers.

use super::cursor::Cursor;
use super::fault::{Fault, Reason};

/// What a number looked like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Integer,
    Other,
}

impl Cursor<'_> {
    /// Reads an integer of 64 bits with sign.
    pub(crate) fn integer(&mut self, what: &'static str) -> Result<i64, Fault> {
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => {}
            _ => return self.missing(what),
        }
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
