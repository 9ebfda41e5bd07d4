//! Fields that nobody asked for: they are checked, and passed over.

use super::fields::{Fields, WIRE_TYPE_BITS, WireType};
use super::syntax_error::SyntaxError;

/// Limit: how deep groups may be nested. Protobuf has discouraged them for so long that no exporter writes any, but a
/// reader has to find their end.
const GROUP_DEPTH_MAX: usize = 16;

const WIRE_TYPE_MASK: u32 = (1 << WIRE_TYPE_BITS) - 1;
const VARINT: u32 = WireType::Varint as u32;
const FIXED64: u32 = WireType::Fixed64 as u32;
const BYTES: u32 = WireType::Bytes as u32;
const GROUP: u32 = WireType::Group as u32;
const GROUP_END: u32 = WireType::GroupEnd as u32;
const FIXED32: u32 = WireType::Fixed32 as u32;

impl Fields<'_> {
    /// Passes over the value behind `tag`.
    pub(crate) fn skip(&mut self, tag: u32) -> Result<(), SyntaxError> {
        match tag & WIRE_TYPE_MASK {
            VARINT => self.varint().map(drop),
            FIXED64 => self.fixed64().map(drop),
            BYTES => self.bytes().map(drop),
            GROUP => self.skip_group(tag >> WIRE_TYPE_BITS),
            FIXED32 => self.fixed32().map(drop),
            _ => self.error("a field has no valid type"),
        }
    }

    /// Passes over a group, which has no length: it ends where a tag has its number again and the wire type of an end.
    /// The groups inside of it end first, so their numbers are kept, on the stack of this call.
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
                GROUP_END if number != inner => return self.error("a group ends that has not begun"),
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
