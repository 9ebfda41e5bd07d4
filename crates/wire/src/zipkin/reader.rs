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
