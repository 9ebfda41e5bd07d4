//! The fields of one message, borrowed from the body.

/// The bytes are not protobuf. It is small: made on every path, printed on few.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    /// The address of the byte.
    pub(super) place: usize,
    pub(crate) reason: &'static str,
}

impl Fault {
    /// Bytes of `body` before the place. The place is an address inside of it, unless the message was put
    /// together from several.
    pub(crate) fn offset_in(self, body: &[u8]) -> Option<usize> {
        self.place.checked_sub(body.as_ptr().addr()).filter(|&offset| offset <= body.len())
    }
}

/// How a field is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub(crate) enum Wire {
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Group = 3,
    GroupEnd = 4,
    Fixed32 = 5,
}

/// What stands before a field's value. A field that is written in another way than ours has another tag, and is
/// passed over like one that we do not know, as the other implementations do.
pub(crate) const fn tag(number: u32, wire: Wire) -> u32 {
    number << WIRE_BITS | wire as u32
}

pub(super) const WIRE_BITS: u32 = 3;
/// Limit: of a varint of 64 bits.
const VARINT_BYTES_MAX: usize = 10;

/// What is left of a message.
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
    pub(super) fn fault<T>(&self, reason: &'static str) -> Result<T, Fault> {
        Err(Fault { place: self.rest.as_ptr().addr(), reason })
    }

    /// The tag of the next field; nothing at the end of the message.
    #[inline]
    pub(crate) fn next_tag(&mut self) -> Result<Option<u32>, Fault> {
        match self.rest.split_first() {
            None => Ok(None),
            // All fields up to number 15 have a tag of one byte; below 8 the number would be 0.
            Some((&tag @ 8..=0x7f, rest)) => {
                self.rest = rest;
                Ok(Some(tag.into()))
            }
            Some(_) => self.long_tag().map(Some),
        }
    }

    fn long_tag(&mut self) -> Result<u32, Fault> {
        let before = *self;
        match u32::try_from(self.varint()?) {
            Ok(tag) if tag >> WIRE_BITS > 0 => Ok(tag),
            _ => before.fault("a field has no valid number"),
        }
    }

    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, Fault> {
        match self.rest.split_first() {
            Some((&byte, rest)) if byte < 0x80 => {
                self.rest = rest;
                Ok(byte.into())
            }
            _ => self.long_varint(),
        }
    }

    #[inline]
    fn long_varint(&mut self) -> Result<u64, Fault> {
        let mut value = 0;
        for (index, &byte) in self.rest.iter().take(VARINT_BYTES_MAX).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte < 0x80 {
                if index + 1 == VARINT_BYTES_MAX && byte > 1 {
                    break;
                }
                self.rest = self.rest.get(index + 1..).unwrap_or_default();
                return Ok(value);
            }
        }
        let is_cut = self.rest.len() < VARINT_BYTES_MAX;
        self.fault(if is_cut { "an integer ends too early" } else { "an integer has more than 64 bits" })
    }

    #[inline]
    fn fixed<const BYTES: usize>(&mut self) -> Result<[u8; BYTES], Fault> {
        let Some((value, rest)) = self.rest.split_first_chunk() else {
            return self.fault("a number ends too early");
        };
        self.rest = rest;
        Ok(*value)
    }

    #[inline]
    pub(crate) fn fixed64(&mut self) -> Result<u64, Fault> {
        self.fixed().map(u64::from_le_bytes)
    }

    #[inline]
    pub(crate) fn fixed32(&mut self) -> Result<u32, Fault> {
        self.fixed().map(u32::from_le_bytes)
    }

    /// A string, bytes or a message.
    #[inline]
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Fault> {
        let length = self.varint()?;
        let split = usize::try_from(length).ok().and_then(|length| self.rest.split_at_checked(length));
        let Some((bytes, rest)) = split else {
            return self.fault("a field is longer than what is left");
        };
        self.rest = rest;
        Ok(bytes)
    }

    /// A `uint32`. Bits above are cut off, as protobuf says.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "what protobuf says of too large numbers")]
    pub(crate) fn uint32(&mut self) -> Result<u32, Fault> {
        self.varint().map(|value| value as u32)
    }

    /// An enum, the same way.
    #[inline]
    pub(crate) fn enumeration(&mut self) -> Result<i32, Fault> {
        self.uint32().map(u32::cast_signed)
    }
}
