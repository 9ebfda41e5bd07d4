//! Texts, ids, numbers and bytes, as protobuf's JSON mapping and its many senders write them.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use span::TraceId;

use super::super::work::Stop;
use super::request::Json;
use crate::json::Fault;

/// Bytes of a trace id in hexadecimal digits; a span id has half of them.
const TRACE_DIGITS: usize = 32;
const SPAN_DIGITS: usize = TRACE_DIGITS / 2;
/// Stands for a text that is no id: no id has so many bytes.
const NO_ID: &[u8] = &[0];

/// Padded or not, and whatever the bits say that no byte has.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);

impl<'a> Json<'_, 'a> {
    pub(super) fn text(&mut self) -> Result<&'a str, Stop> {
        Ok(self.cursor.string("a string")?)
    }

    /// An id in hexadecimal digits, as bytes.
    pub(super) fn id(&mut self) -> Result<&'a [u8], Stop> {
        let text = self.cursor.string("an id in hexadecimal digits")?.as_bytes();
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

    pub(super) fn uint64(&mut self) -> Result<u64, Stop> {
        Ok(self.cursor.lenient_integer("must be an unsigned integer of 64 bits")?)
    }

    pub(super) fn int64(&mut self) -> Result<i64, Stop> {
        Ok(self.cursor.lenient_integer("must be an integer of 64 bits")?)
    }

    pub(super) fn uint32(&mut self) -> Result<u32, Stop> {
        Ok(self.cursor.lenient_integer("must be an unsigned integer of 32 bits")?)
    }

    /// A number, a name of those that there are, or a number as a string. Any other name is 0, and counted.
    pub(super) fn enumeration(&mut self, names: &[&str]) -> Result<i32, Stop> {
        if self.cursor.peek() != Some(b'"') {
            return Ok(self.cursor.lenient_integer("must be an integer of 32 bits")?);
        }
        let text = self.text()?;
        let named = names.iter().position(|&name| name == text).and_then(|at| i32::try_from(at).ok());
        let number = named.or_else(|| text.parse().ok());
        self.work.oddities.unknown_enums += u64::from(number.is_none());
        Ok(number.unwrap_or(0))
    }

    pub(super) fn double(&mut self) -> Result<f64, Stop> {
        // Rust reads what protobuf calls NaN, Infinity and -Infinity.
        self.cursor.lenient_number()?.parse().map_err(|_| rule("must be a number"))
    }

    /// In either alphabet, padded or not.
    pub(super) fn base64(&mut self) -> Result<&'a [u8], Stop> {
        let text = self.text()?;
        let alphabet = if text.contains(['-', '_']) { URL_SAFE } else { STANDARD };
        let bytes = GeneralPurpose::new(&alphabet, LENIENT).decode(text);
        let bytes = bytes.map_err(|_| rule("must be base64"))?;
        Ok(self.work.arena.alloc_slice_copy(&bytes))
    }
}

fn rule(rule: &'static str) -> Stop {
    Stop::Json(Fault::rule(rule))
}
