//! Skips unknown fields. Their syntax is checked.

use super::fields::{Fields, WIRE_TYPE_BITS, WireType};
use super::syntax_error::SyntaxError;

/// Limit: levels of groups inside a group. Groups have been deprecated for so long that no exporter writes any, but a
/// decoder must still find their end.
const GROUP_DEPTH_MAX: usize = 16;

const WIRE_TYPE_MASK: u32 = (1 << WIRE_TYPE_BITS) - 1;
const VARINT: u32 = WireType::Varint as u32;
const FIXED64: u32 = WireType::Fixed64 as u32;
const BYTES: u32 = WireType::Bytes as u32;
const GROUP: u32 = WireType::Group as u32;
const GROUP_END: u32 = WireType::GroupEnd as u32;
const FIXED32: u32 = WireType::Fixed32 as u32;

impl Fields<'_> {
    /// Skips the value after `tag`.
    pub(crate) fn skip(&mut self, tag: u32) -> Result<(), SyntaxError> {
        match tag & WIRE_TYPE_MASK {
            VARINT => self.varint().map(drop),
            FIXED64 => self.fixed64().map(drop),
            BYTES => self.bytes().map(drop),
            GROUP => self.skip_group(tag >> WIRE_TYPE_BITS),
            FIXED32 => self.fixed32().map(drop),
            _ => self.error("a field has an invalid wire type"),
        }
    }

    /// Skips a group. A group has no length: it ends at a tag with its number and the wire type for an end. Groups
    /// inside of it end before, so the numbers of all open groups are kept in an array.
    #[cold]
    fn skip_group(&mut self, number: u32) -> Result<(), SyntaxError> {
        let mut around = [0; GROUP_DEPTH_MAX];
        let mut depth = 0;
        let mut inner = number;
        while let Some(tag) = self.next_tag()? {
            let number = tag >> WIRE_TYPE_BITS;
            match tag & WIRE_TYPE_MASK {
                GROUP => {
                    let Some(slot) = around.get_mut(depth) else {
                        return self.error("groups are nested too deep");
                    };
                    *slot = inner;
                    depth += 1;
                    inner = number;
                }
                GROUP_END if number != inner => return self.error("a group ends that did not begin"),
                GROUP_END if depth == 0 => return Ok(()),
                GROUP_END => {
                    depth -= 1;
                    inner = around.get(depth).copied().unwrap_or_default();
                }
                _ => self.skip(tag)?,
            }
        }
        self.error("a group does not end")
    }
}
