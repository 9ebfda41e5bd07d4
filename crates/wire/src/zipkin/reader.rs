//! The reader of a body, and why it gives up.

use span::Timestamp;

use crate::json::{Cursor, ReadJson, ScaledDecimal, SyntaxError};
use crate::otlp::{DecodeError, RequestDecoder};

/// Reads a body of Zipkin's.
pub(super) struct ZipkinReader<'d, 'a> {
    pub(super) decoder: &'d mut RequestDecoder<'a>,
    pub(super) cursor: Cursor<'a>,
    /// When the body came in, which is when spans without a time start.
    pub(super) arrival: Timestamp,
}

/// Why a body of Zipkin's is not read to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ZipkinError {
    Decode(DecodeError),
    /// The span that is being read breaks this rule of the format.
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
    /// Passes over the value of a field that we do not know.
    pub(super) fn unknown(&mut self) -> Result<(), ZipkinError> {
        self.decoder.repairs.unknown_fields += 1;
        Ok(self.cursor.skip_value()?)
    }

    /// Reads an integer, also from a string. A fraction or an exponent does not matter where the number is whole.
    pub(super) fn integer(&mut self, rule: &'static str) -> Result<i64, ZipkinError> {
        let text = self.cursor.number_or_string()?;
        let whole = || ScaledDecimal::parse(text, 0).filter(|number| number.is_whole);
        let parsed = text.parse().ok().or_else(|| i64::try_from(whole()?.value).ok());
        parsed.ok_or(ZipkinError::Rule(rule))
    }
}
