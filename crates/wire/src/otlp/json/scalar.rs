//! Decodes texts, ids, numbers and bytes, in protobuf's JSON mapping and its common deviations.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use span::{TraceId, Value};

use super::super::decode_error::DecodeError;
use super::reader::JsonReader;
use crate::json::ScaledDecimal;

/// How many hexadecimal digits a trace id has. A span id has half as many.
const TRACE_DIGITS: usize = 32;
const SPAN_DIGITS: usize = TRACE_DIGITS / 2;
/// Stands for a text that is no id. No id has one byte, so the checks of the span reject it with the rule of that id.
const INVALID_ID: &[u8] = &[0];

const UINT32_RULE: &str = "must be an unsigned integer of 32 bits";

/// Accepts base64 with and without padding, and with any bits after the last byte, because senders differ in both.
const LENIENT_BASE64: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

impl<'a> JsonReader<'_, 'a> {
    /// Reads a string. If the value is none, rejects the span, scope or resource that contains it.
    pub(super) fn text(&mut self) -> Result<&'a str, DecodeError> {
        if self.cursor.peek() == Some(b'"') {
            return Ok(self.cursor.string("a string")?);
        }
        self.reject_value("must be a string")?;
        Ok("")
    }

    /// Reads an id in hexadecimal digits and returns its bytes. A span id is parsed like a trace id with zeros in
    /// front, so that one parser is enough.
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

    /// Reads the id of a span's trace. An invalid one is named in the answer; the checks of the span reject it.
    pub(super) fn trace_id(&mut self) -> Result<&'a [u8], DecodeError> {
        self.id_of(TRACE_DIGITS, "must be 32 hexadecimal digits, not base64, without hyphens or 0x")
    }

    /// Reads the id of a span or of its parent as [`trace_id`](Self::trace_id) does.
    pub(super) fn span_id(&mut self) -> Result<&'a [u8], DecodeError> {
        self.id_of(SPAN_DIGITS, "must be 16 hexadecimal digits, not base64, without hyphens or 0x")
    }

    fn id_of(&mut self, digits: usize, rule: &'static str) -> Result<&'a [u8], DecodeError> {
        let id = self.id()?;
        if !id.is_empty() && id.len() * 2 != digits {
            self.name_place(rule);
        }
        Ok(id)
    }

    pub(super) fn boolean(&mut self) -> Result<bool, DecodeError> {
        if matches!(self.cursor.peek(), Some(b't' | b'f')) {
            return Ok(self.cursor.boolean()?);
        }
        self.reject_value("must be true or false")?;
        Ok(false)
    }

    /// Reads a number or a string, and returns its text. For any other value it returns `None` and rejects the span,
    /// scope or resource that contains it, with this rule.
    fn number(&mut self, rule: &'static str) -> Result<Option<&'a str>, DecodeError> {
        if matches!(self.cursor.peek(), Some(b'"' | b'-' | b'0'..=b'9')) {
            return Ok(Some(self.cursor.number_or_string()?));
        }
        self.reject_value(rule)?;
        Ok(None)
    }

    /// Reads a time. One that does not fit in 64 bits becomes the largest that does.
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

    /// Reads an enum: a number, a string with a number, or one of `names`, which are in the order of their numbers.
    /// Any other name becomes 0 and is counted.
    pub(super) fn enumeration(&mut self, names: &[&str]) -> Result<i32, DecodeError> {
        let Some(text) = self.number("must be an integer of 32 bits, or its name")? else { return Ok(0) };
        let named = names.iter().position(|&name| name == text).and_then(|at| i32::try_from(at).ok());
        let number = named.or_else(|| text.parse().ok());
        let number = number.or_else(|| Some(self.low_bits::<i32>(text)?.cast_signed()));
        self.decoder.repairs.unknown_enums += u64::from(number.is_none());
        Ok(number.unwrap_or(0))
    }

    /// Returns the low 32 bits of a number, as protobuf's decoders do if it does not fit in `T`, and counts the
    /// repair.
    #[cold]
    fn low_bits<T: TryFrom<i128>>(&mut self, text: &str) -> Option<u32> {
        let ScaledDecimal { value, is_whole } = ScaledDecimal::parse(text, 0)?;
        let fits = is_whole && T::try_from(value).is_ok();
        self.decoder.repairs.repaired_numbers += u64::from(!fits);
        value.to_le_bytes().first_chunk().map(|&low| u32::from_le_bytes(low))
    }

    /// Reads an integer of 64 bits. One that does not fit becomes a double, because JavaScript's exporters write
    /// every number without a fraction as an integer, however large.
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
        // Rust's parser accepts the names that protobuf uses: NaN, Infinity and -Infinity.
        let number = text.parse();
        if number.is_err() {
            self.reject(RULE);
        }
        Ok(number.unwrap_or(0.0))
    }

    /// Reads base64 in the standard or the URL-safe alphabet, with or without padding.
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
