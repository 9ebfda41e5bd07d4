//! Reads texts, ids, numbers and bytes, as protobuf's JSON mapping and its many senders write them.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use span::{TraceId, Value};

use super::super::decode_error::DecodeError;
use super::reader::JsonReader;
use crate::json::ScaledDecimal;

/// Hexadecimal digits of a trace id; a span id has half of them.
const TRACE_DIGITS: usize = 32;
const SPAN_DIGITS: usize = TRACE_DIGITS / 2;
/// Stands for a text that is no id. No id has one byte, so the check of the span rejects it by the rule of that id.
const INVALID_ID: &[u8] = &[0];

const UINT32_RULE: &str = "must be an unsigned integer of 32 bits";

/// Takes base64 with and without padding, and with any bits behind the last byte: senders differ in both.
const LENIENT_BASE64: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

impl<'a> JsonReader<'_, 'a> {
    /// Reads a string; where there is something else, what has the field is rejected.
    pub(super) fn text(&mut self) -> Result<&'a str, DecodeError> {
        if self.cursor.peek() == Some(b'"') {
            return Ok(self.cursor.string("a string")?);
        }
        self.reject_value("must be a string")?;
        Ok("")
    }

    /// Reads an id in hexadecimal digits, as bytes. A span id is read like a trace id with zeros in front, so that one
    /// parser does for both.
    pub(super) fn id(&mut self) -> Result<&'a [u8], DecodeError> {
        let text = self.text()?.as_bytes();
        let mut digits = [b'0'; TRACE_DIGITS];
        let digits_of_id = match text.len() {
            0 => return Ok(&[]),
            SPAN_DIGITS => digits.last_chunk_mut::<SPAN_DIGITS>().map(<[u8; SPAN_DIGITS]>::as_mut_slice),
            TRACE_DIGITS => Some(digits.as_mut_slice()),
            _ => None,
        };
        let Some(digits_of_id) = digits_of_id else { return Ok(INVALID_ID) };
        digits_of_id.copy_from_slice(text);
        let Some(id) = TraceId::parse_uuid_or_hex(&digits) else { return Ok(INVALID_ID) };
        let bytes = &*self.decoder.arena.alloc(id.to_bytes());
        Ok(bytes.get(bytes.len() - text.len() / 2..).unwrap_or_default())
    }

    pub(super) fn boolean(&mut self) -> Result<bool, DecodeError> {
        if matches!(self.cursor.peek(), Some(b't' | b'f')) {
            return Ok(self.cursor.boolean()?);
        }
        self.reject_value("must be true or false")?;
        Ok(false)
    }

    /// Reads a number, or a string that may be one, as it is written; `None` where there is something else.
    fn number(&mut self, rule: &'static str) -> Result<Option<&'a str>, DecodeError> {
        if matches!(self.cursor.peek(), Some(b'"' | b'-' | b'0'..=b'9')) {
            return Ok(Some(self.cursor.number_or_string()?));
        }
        self.reject_value(rule)?;
        Ok(None)
    }

    /// Reads a time. One beyond 64 bits is the largest of 64 bits.
    pub(super) fn uint64(&mut self) -> Result<u64, DecodeError> {
        const RULE: &str = "must be an unsigned integer of 64 bits";
        let Some(text) = self.number(RULE)? else { return Ok(0) };
        if let Ok(number) = text.parse() {
            return Ok(number);
        }
        if let Some(ScaledDecimal { value: value @ 0.., is_whole }) = ScaledDecimal::parse(text, 0) {
            self.decoder.repairs.repaired_numbers += u64::from(!is_whole);
            return Ok(u64::try_from(value).unwrap_or(u64::MAX));
        }
        self.reject(RULE);
        Ok(0)
    }

    pub(super) fn uint32(&mut self) -> Result<u32, DecodeError> {
        let Some(text) = self.number(UINT32_RULE)? else { return Ok(0) };
        let number = text.parse().ok().or_else(|| self.low_bits::<u32>(text));
        if number.is_none() {
            self.reject(UINT32_RULE);
        }
        Ok(number.unwrap_or(0))
    }

    /// Reads an enum: a number, one of its names, or a number as a string. Any other name is 0, and counted.
    pub(super) fn enumeration(&mut self, names: &[&str]) -> Result<i32, DecodeError> {
        let Some(text) = self.number("must be an integer of 32 bits, or its name")? else { return Ok(0) };
        let named = names.iter().position(|&name| name == text).and_then(|at| i32::try_from(at).ok());
        let number = named.or_else(|| text.parse().ok());
        let number = number.or_else(|| Some(self.low_bits::<i32>(text)?.cast_signed()));
        self.decoder.repairs.unknown_enums += u64::from(number.is_none());
        Ok(number.unwrap_or(0))
    }

    /// The last 32 bits of a number, which is what protobuf's decoders make of one that does not fit in `T`.
    #[cold]
    fn low_bits<T: TryFrom<i128>>(&mut self, text: &str) -> Option<u32> {
        let ScaledDecimal { value, is_whole } = ScaledDecimal::parse(text, 0)?;
        let fits = is_whole && T::try_from(value).is_ok();
        self.decoder.repairs.repaired_numbers += u64::from(!fits);
        value.to_le_bytes().first_chunk().map(|&low| u32::from_le_bytes(low))
    }

    /// Reads an integer of 64 bits. One that does not fit becomes a double: JavaScript's exporters write every number
    /// without a fraction as an integer, however large.
    pub(super) fn integer_value(&mut self) -> Result<Value<'a>, DecodeError> {
        const RULE: &str = "must be an integer of 64 bits";
        let Some(text) = self.number(RULE)? else { return Ok(Value::Empty) };
        if let Ok(number) = text.parse() {
            return Ok(Value::Int(number));
        }
        let number = ScaledDecimal::parse(text, 0);
        let whole =
            number.filter(|number| number.is_whole).and_then(|number| i64::try_from(number.value).ok());
        if let Some(whole) = whole {
            return Ok(Value::Int(whole));
        }
        if let (Some(_), Ok(double)) = (number, text.parse()) {
            self.decoder.repairs.repaired_numbers += 1;
            return Ok(Value::Double(double));
        }
        self.reject(RULE);
        Ok(Value::Empty)
    }

    pub(super) fn double(&mut self) -> Result<f64, DecodeError> {
        const RULE: &str = "must be a number";
        let Some(text) = self.number(RULE)? else { return Ok(0.0) };
        // Rust's parser reads the names that protobuf has: NaN, Infinity and -Infinity.
        let number = text.parse();
        if number.is_err() {
            self.reject(RULE);
        }
        Ok(number.unwrap_or(0.0))
    }

    /// Reads base64 in either of its alphabets, with or without padding.
    pub(super) fn base64(&mut self) -> Result<&'a [u8], DecodeError> {
        let text = self.text()?;
        let alphabet = if text.contains(['-', '_']) { URL_SAFE } else { STANDARD };
        let Ok(bytes) = GeneralPurpose::new(&alphabet, LENIENT_BASE64).decode(text) else {
            self.reject("must be base64");
            return Ok(&[]);
        };
        Ok(self.decoder.arena.alloc_slice_copy(&bytes))
    }
}
