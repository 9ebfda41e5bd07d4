//! What all messages need: lists, parts that are joined, and fields that we do not know.

use bumpalo::collections::Vec as ArenaVec;

use super::super::decode_error::DecodeError;
use super::super::request_decoder::RequestDecoder;
use crate::protobuf::Fields;

/// Limit: bytes that are copied because messages come in several parts. Protobuf says that parts are one message, and
/// no sender writes any; but each part has all parts before it copied, so a million of small ones would copy
/// terabytes.
const MERGED_BYTES_MAX: usize = 1024 * 1024;

/// A field that a message has several times.
#[derive(Clone, Copy)]
pub(super) struct RepeatedField {
    pub(super) tag: u32,
    /// How often the message has it, which its first pass has counted.
    pub(super) count: usize,
}

impl<'a> RequestDecoder<'a> {
    /// Reads a list: every field of `message` with this tag, into room of just the right size.
    ///
    /// `read` puts the item into the list, or leaves it out. It does not return the item: that would be copied on its
    /// way, and the copy waits until all parts of the item are written.
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

    /// Passes over a field that we do not know.
    #[cold]
    pub(super) fn unknown(&mut self, fields: &mut Fields<'a>, tag: u32) -> Result<(), DecodeError> {
        self.repairs.unknown_fields += 1;
        Ok(fields.skip(tag)?)
    }

    /// Joins a part of a message to the parts before it: one behind the other they are the whole.
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
