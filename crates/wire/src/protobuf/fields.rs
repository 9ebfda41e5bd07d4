//! Reads the fields of one message, which borrow from the body.

use super::syntax_error::SyntaxError;

/// How the value of a field is encoded; the word is protobuf's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub(crate) enum WireType {
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Group = 3,
    GroupEnd = 4,
    Fixed32 = 5,
}

/// Returns the tag of a field, which precedes its value: the number and the wire type. A known field with another
/// wire type has another tag, so it is skipped like an unknown field, as other implementations do.
pub(crate) const fn tag(number: u32, wire_type: WireType) -> u32 {
    number << WIRE_TYPE_BITS | wire_type as u32
}

pub(super) const WIRE_TYPE_BITS: u32 = 3;
/// Limit: bytes of a varint. It has seven bits in each byte, so 64 bits take ten.
const VARINT_BYTES_MAX: usize = 10;

/// The rest of a message that was not read yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a> {
    pub(super) rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(crate) const fn of(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    #[cold]
    pub(super) fn error<T>(&self, reason: &'static str) -> Result<T, SyntaxError> {
        Err(SyntaxError { address: self.rest.as_ptr().addr(), reason })
    }

    /// Reads the tag of the next field. Returns `None` at the end of the message.
    #[inline]
    pub(crate) fn next_tag(&mut self) -> Result<Option<u32>, SyntaxError> {
        match self.rest.split_first() {
            None => Ok(None),
            // Fields up to number 15 have a tag of one byte, as nearly all of OpenTelemetry's do. In tags below 8 the
            // number is 0, which is invalid.
            Some((&tag @ 8..=0x7f, rest)) => {
                self.rest = rest;
                Ok(Some(tag.into()))
            }
            Some(_) => self.long_tag().map(Some),
        }
    }

    fn long_tag(&mut self) -> Result<u32, SyntaxError> {
        let before = *self;
        match u32::try_from(self.varint()?) {
            Ok(tag) if tag >> WIRE_TYPE_BITS > 0 => Ok(tag),
            _ => before.error("a field has an invalid number"),
        }
    }

    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, SyntaxError> {
        match self.rest.split_first() {
            Some((&byte, rest)) if byte < 0x80 => {
                self.rest = rest;
                Ok(byte.into())
            }
            _ => self.long_varint(),
        }
    }

    #[inline]
    fn long_varint(&mut self) -> Result<u64, SyntaxError> {
        let mut value = 0;
        for (index, &byte) in self.rest.iter().take(VARINT_BYTES_MAX).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte < 0x80 {
                // Nine bytes have 63 bits, so the tenth may only have one.
                if index + 1 == VARINT_BYTES_MAX && byte > 1 {
                    break;
                }
                self.rest = self.rest.get(index + 1..).unwrap_or_default();
                return Ok(value);
            }
        }
        let is_cut = self.rest.len() < VARINT_BYTES_MAX;
        self.error(if is_cut { "an integer ends too early" } else { "an integer has more than 64 bits" })
    }

    #[inline]
    fn fixed<const BYTES: usize>(&mut self) -> Result<[u8; BYTES], SyntaxError> {
        let Some((value, rest)) = self.rest.split_first_chunk() else {
            return self.error("a number ends too early");
        };
        self.rest = rest;
        Ok(*value)
    }

    #[inline]
    pub(crate) fn fixed64(&mut self) -> Result<u64, SyntaxError> {
        self.fixed().map(u64::from_le_bytes)
    }

    #[inline]
    pub(crate) fn fixed32(&mut self) -> Result<u32, SyntaxError> {
        self.fixed().map(u32::from_le_bytes)
    }

    /// Reads the value of a string, bytes or a message.
    #[inline]
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], SyntaxError> {
        let length = self.varint()?;
        let split = usize::try_from(length).ok().and_then(|length| self.rest.split_at_checked(length));
        let Some((bytes, rest)) = split else {
            return self.error("a field is longer than the rest of its message");
        };
        self.rest = rest;
        Ok(bytes)
    }

    /// Reads a `uint32`. As protobuf demands, only the low 32 bits are kept.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "what protobuf says of too large numbers")]
    pub(crate) fn uint32(&mut self) -> Result<u32, SyntaxError> {
        self.varint().map(|value| value as u32)
    }

    /// Reads an enum. Only the low 32 bits are kept.
    #[inline]
    pub(crate) fn enumeration(&mut self) -> Result<i32, SyntaxError> {
        self.uint32().map(u32::cast_signed)
    }
}
