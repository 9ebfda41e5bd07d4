//! The reader of a body, and its errors.

use span::Timestamp;

use crate::json::{Cursor, ReadJson, ScaledDecimal, SyntaxError};
use crate::otlp::{DecodeError, RequestDecoder};

/// Decodes a body of Zipkin's JSON.
pub(super) struct ZipkinReader<'d, 'a> {
    pub(super) decoder: &'d mut RequestDecoder<'a>,
    pub(super) cursor: Cursor<'a>,
    /// When the body arrived. Spans without a time start then.
    pub(super) arrival: Timestamp,
    /// The field of the span that is being read; empty outside of fields.
    pub(super) field: &'a str,
}

/// Why a body is not decoded to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ZipkinError {
    Decode(DecodeError),
    /// The span that is being decoded breaks this rule of the format.
    Rule(&'static str),
}

impl From<DecodeError> for ZipkinError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl From<SyntaxError> for ZipkinError {
    fn from(error: SyntaxError) -> Self {
        Self::Decode(error.into())
    }
}

impl<'a> ReadJson<'a> for ZipkinReader<'_, 'a> {
    type Error = ZipkinError;

    fn cursor(&mut self) -> &mut Cursor<'a> {
        &mut self.cursor
    }
}

impl ZipkinReader<'_, '_> {
    /// Moves over an empty value in these brackets if it is next, and returns whether it was: PHP writes an empty map
    /// and an empty list alike. `what` describes the expected value, for the error if the brackets are not empty.
    pub(super) fn eat_empty(
        &mut self,
        [open, close]: [u8; 2],
        what: &'static str,
    ) -> Result<bool, ZipkinError> {
        let is_there = self.cursor.eat(open);
        if is_there {
            self.cursor.expect(close, what)?;
        }
        Ok(is_there)
    }

    /// Reads true or false, which some senders write as a string.
    pub(super) fn boolean(&mut self) -> Result<bool, ZipkinError> {
        let is_string = self.cursor.eat(b'"');
        let value = self.cursor.boolean()?;
        if is_string {
            self.cursor.expect(b'"', "true or false")?;
        }
        Ok(value)
    }

    /// Skips the value of an unknown field and counts the field.
    pub(super) fn unknown(&mut self) -> Result<(), ZipkinError> {
        self.decoder.repairs.unknown_fields += 1;
        Ok(self.cursor.skip_value()?)
    }

    /// Reads an integer from a number or a string. It may be written with a fraction or an exponent if it is whole.
    /// For any other value the error is `rule`.
    pub(super) fn integer(&mut self, rule: &'static str) -> Result<i64, ZipkinError> {
        let text = self.cursor.number_or_string()?;
        let whole = || ScaledDecimal::parse(text, 0).filter(|number| number.is_whole);
        let parsed = text.parse().ok().or_else(|| i64::try_from(whole()?.value).ok());
        parsed.ok_or(ZipkinError::Rule(rule))
    }
}
