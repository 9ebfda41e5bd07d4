//! What all messages need: lists, joining of message parts, and unknown fields.

use bumpalo::collections::Vec as ArenaVec;

use super::super::decode_error::DecodeError;
use super::super::request_decoder::RequestDecoder;
use crate::protobuf::Fields;

/// Limit: bytes that are copied to join the parts of messages. Protobuf allows a message to come in several parts,
/// which no sender uses. Every part copies all parts before it, so a million small ones would copy terabytes.
const MERGED_BYTES_MAX: usize = 1024 * 1024;

/// A repeated field of a message.
#[derive(Clone, Copy)]
pub(super) struct RepeatedField {
    pub(super) tag: u32,
    /// How often the message has the field, as its first pass counted.
    pub(super) count: usize,
}

impl<'a> RequestDecoder<'a> {
    /// Reads a repeated field: calls `read` with every occurrence in `message`. The list is allocated once, for
    /// `field.count` items.
    ///
    /// `read` pushes the item to the list, or leaves it out. It does not return the item, because returning would
    /// copy it, and the copy would wait until all parts of the item are in memory.
    #[inline]
    pub(super) fn list<T: 'a>(
        &mut self,
        message: &'a [u8],
        field: RepeatedField,
        mut read: impl FnMut(&mut Self, &'a [u8], &mut ArenaVec<'a, T>) -> Result<(), DecodeError>,
    ) -> Result<&'a [T], DecodeError> {
        if field.count == 0 {
            return Ok(&[]);
        }
        self.charge(field.count)?;
        let mut list = ArenaVec::with_capacity_in(field.count, self.arena);
        let mut fields = Fields::of(message);
        while let Some(tag) = fields.next_tag()? {
            if tag == field.tag {
                read(self, fields.bytes()?, &mut list)?;
            } else {
                fields.skip(tag)?;
            }
        }
        Ok(list.into_bump_slice())
    }

    /// Skips an unknown field and counts it.
    #[cold]
    pub(super) fn unknown(&mut self, fields: &mut Fields<'a>, tag: u32) -> Result<(), DecodeError> {
        self.repairs.unknown_fields += 1;
        Ok(fields.skip(tag)?)
    }

    /// Joins a part of a message to the parts before it. The parts one after the other are the encoded message.
    #[inline]
    pub(super) fn merged(&mut self, before: &'a [u8], part: &'a [u8]) -> Result<&'a [u8], DecodeError> {
        if before.is_empty() { Ok(part) } else { self.joined(before, part) }
    }

    #[cold]
    fn joined(&mut self, before: &'a [u8], part: &'a [u8]) -> Result<&'a [u8], DecodeError> {
        let bytes = before.len() + part.len();
        self.merged_bytes += bytes;
        if self.merged_bytes > MERGED_BYTES_MAX {
            return Err(DecodeError::TooManyItems);
        }
        let mut whole = ArenaVec::with_capacity_in(bytes, self.arena);
        whole.extend_from_slice(before);
        whole.extend_from_slice(part);
        Ok(whole.into_bump_slice())
    }
}
