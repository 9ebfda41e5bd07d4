//! What repeats in a message, into room that has just the right size.

use bumpalo::collections::Vec as ArenaVec;
use span::Attribute;

use super::super::work::{Stop, Work};
use crate::protobuf::Fields;

impl<'a> Work<'a> {
    /// The `count` fields of `message` that have this tag, each put into the list by `read`, or not. It puts them there
    /// itself, because what is handed over instead is copied on the way, and waits for its own parts to be written.
    #[inline]
    pub(super) fn list<T: 'a>(
        &mut self,
        message: &'a [u8],
        (tag, count): (u32, usize),
        mut read: impl FnMut(&mut Self, &'a [u8], &mut ArenaVec<'a, T>) -> Result<(), Stop>,
    ) -> Result<&'a [T], Stop> {
        if count == 0 {
            return Ok(&[]);
        }
        self.charge(count)?;
        let mut list = ArenaVec::with_capacity_in(count, self.arena);
        let mut fields = Fields::of(message);
        while let Some(next) = fields.next_tag()? {
            if next == tag {
                read(self, fields.bytes()?, &mut list)?;
            } else {
                fields.skip(next)?;
            }
        }
        Ok(list.into_bump_slice())
    }

    #[inline]
    pub(super) fn attributes(
        &mut self,
        message: &'a [u8],
        tag: u32,
        count: usize,
    ) -> Result<&'a [Attribute<'a>], Stop> {
        self.list(message, (tag, count), |work, bytes, list| work.attribute(bytes, 0, list))
    }
}
