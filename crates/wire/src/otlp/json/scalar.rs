//! Texts, ids, numbers and bytes, as protobuf's JSON mapping and its many senders write them.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use span::{TraceId, Value};

use super::super::work::Stop;
use super::request::Json;
use crate::json::Scaled;

/// Bytes of a trace id in hexadecimal digits; a span id has half of them.
const TRACE_DIGITS: usize = 32;
const SPAN_DIGITS: usize = TRACE_DIGITS / 2;
/// Stands for a text that is no id: no id has so many bytes.
const NO_ID: &[u8] = &[0];

const UINT32_RULE: &str = "must be an unsigned integer of 32 bits";

/// Padded or not, and whatever the bits say that no byte has.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

impl<'a> Json<'_, 'a> {
    /// A string; what else stands there is the fault of whoever has it.
    pub(super) fn text(&mut self) -> Result<&'a str, Stop> {
        if self.cursor.peek() == Some(b'"') {
            return Ok(self.cursor.string("a string")?);
        }
        self.misfit("must be a string")?;
        Ok("")
    }

    /// An id in hexadecimal digits, as bytes.
    pub(super) fn id(&mut self) -> Result<&'a [u8], Stop> {
        let text = self.text()?.as_bytes();
        let mut digits = [b'0'; TRACE_DIGITS];
        let place = match text.len() {
            0 => return Ok(&[]),
            SPAN_DIGITS => digits.last_chunk_mut::<SPAN_DIGITS>().map(<[u8; SPAN_DIGITS]>::as_mut_slice),
            TRACE_DIGITS => Some(digits.as_mut_slice()),
            _ => None,
        };
        let Some(place) = place else { return Ok(NO_ID) };
        place.copy_from_slice(text);
        let Some(id) = TraceId::parse_uuid_or_hex(&digits) else { return Ok(NO_ID) };
        let bytes = &*self.work.arena.alloc(id.to_bytes());
        Ok(bytes.get(bytes.len() - text.len() / 2..).unwrap_or_default())
    }

    pub(super) fn boolean(&mut self) -> Result<bool, Stop> {
        if matches!(self.cursor.peek(), Some(b't' | b'f')) {
            return Ok(self.cursor.boolean()?);
        }
        self.misfit("must be true or false")?;
        Ok(false)
    }

    /// A number, or a string that may be one.
    fn number(&mut self, rule: &'static str) -> Result<Option<&'a str>, Stop> {
        if matches!(self.cursor.peek(), Some(b'"' | b'-' | b'0'..=b'9')) {
            return Ok(Some(self.cursor.lenient_number()?));
        }
        self.misfit(rule)?;
        Ok(None)
    }

    /// A time. Beyond 64 bits it is the last one that there is.
    pub(super) fn uint64(&mut self) -> Result<u64, Stop> {
        const RULE: &str = "must be an unsigned integer of 64 bits";
        let Some(text) = self.number(RULE)? else { return Ok(0) };
        if let Ok(number) = text.parse() {
            return Ok(number);
        }
        if let Some(Scaled { value: value @ 0.., is_whole }) = Scaled::parse(text, 0) {
            self.work.oddities.repaired_numbers += u64::from(!is_whole);
            return Ok(u64::try_from(value).unwrap_or(u64::MAX));
        }
        self.broken(RULE);
        Ok(0)
    }

    pub(super) fn uint32(&mut self) -> Result<u32, Stop> {
        let Some(text) = self.number(UINT32_RULE)? else { return Ok(0) };
        let number = text.parse().ok().or_else(|| self.low_bits::<u32>(text));
        if number.is_none() {
            self.broken(UINT32_RULE);
        }
        Ok(number.unwrap_or(0))
    }

    /// A number, a name of those that there are, or a number as a string. Any other name is 0, and counted.
    pub(super) fn enumeration(&mut self, names: &[&str]) -> Result<i32, Stop> {
        let Some(text) = self.number("must be an integer of 32 bits, or its name")? else { return Ok(0) };
        let named = names.iter().position(|&name| name == text).and_then(|at| i32::try_from(at).ok());
        let number = named.or_else(|| text.parse().ok());
        let number = number.or_else(|| Some(self.low_bits::<i32>(text)?.cast_signed()));
        self.work.oddities.unknown_enums += u64::from(number.is_none());
        Ok(number.unwrap_or(0))
    }

    /// What protobuf's decoders make of a number that does not fit: its last 32 bits.
    #[cold]
    fn low_bits<T: TryFrom<i128>>(&mut self, text: &str) -> Option<u32> {
        let Scaled { value, is_whole } = Scaled::parse(text, 0)?;
        let fits = is_whole && T::try_from(value).is_ok();
        self.work.oddities.repaired_numbers += u64::from(!fits);
        value.to_le_bytes().first_chunk().map(|&low| u32::from_le_bytes(low))
    }

    /// An integer of 64 bits. JavaScript writes every number without a fraction as one, however large: what does not
    /// fit is a double.
    pub(super) fn integer_value(&mut self) -> Result<Value<'a>, Stop> {
        const RULE: &str = "must be an integer of 64 bits";
        let Some(text) = self.number(RULE)? else { return Ok(Value::Empty) };
        if let Ok(number) = text.parse() {
            return Ok(Value::Int(number));
        }
        let number = Scaled::parse(text, 0);
        let whole =
            number.filter(|number| number.is_whole).and_then(|number| i64::try_from(number.value).ok());
        if let Some(whole) = whole {
            return Ok(Value::Int(whole));
        }
        if let (Some(_), Ok(double)) = (number, text.parse()) {
            self.work.oddities.repaired_numbers += 1;
            return Ok(Value::Double(double));
        }
        self.broken(RULE);
        Ok(Value::Empty)
    }

    pub(super) fn double(&mut self) -> Result<f64, Stop> {
        const RULE: &str = "must be a number";
        let Some(text) = self.number(RULE)? else { return Ok(0.0) };
        // Rust reads what protobuf calls NaN, Infinity and -Infinity.
        let number = text.parse();
        if number.is_err() {
            self.broken(RULE);
        }
        Ok(number.unwrap_or(0.0))
    }

    /// In either alphabet, padded or not.
    pub(super) fn base64(&mut self) -> Result<&'a [u8], Stop> {
        let text = self.text()?;
        let alphabet = if text.contains(['-', '_']) { URL_SAFE } else { STANDARD };
        let Ok(bytes) = GeneralPurpose::new(&alphabet, LENIENT).decode(text) else {
            self.broken("must be base64");
            return Ok(&[]);
        };
        Ok(self.work.arena.alloc_slice_copy(&bytes))
    }
}
