//! Fields that nobody asked for: checked, and passed over.

use super::fields::{Fault, Fields, WIRE_BITS, Wire};

/// Limit: how deep groups may be nested. Nobody has written one since protobuf 2.
const GROUP_DEPTH_MAX: usize = 16;

const WIRE_MASK: u32 = (1 << WIRE_BITS) - 1;
const VARINT: u32 = Wire::Varint as u32;
const FIXED64: u32 = Wire::Fixed64 as u32;
const BYTES: u32 = Wire::Bytes as u32;
const GROUP: u32 = Wire::Group as u32;
const GROUP_END: u32 = Wire::GroupEnd as u32;
const FIXED32: u32 = Wire::Fixed32 as u32;

impl Fields<'_> {
    /// Passes over the value behind `tag`.
    pub(crate) fn skip(&mut self, tag: u32) -> Result<(), Fault> {
        match tag & WIRE_MASK {
            VARINT => self.varint().map(drop),
            FIXED64 => self.fixed64().map(drop),
            BYTES => self.bytes().map(drop),
            GROUP => self.skip_group(tag >> WIRE_BITS),
            FIXED32 => self.fixed32().map(drop),
            _ => self.fault("a field has no valid type"),
        }
    }

    /// Groups end where their own number comes again; those inside of them are left before.
    #[cold]
    fn skip_group(&mut self, number: u32) -> Result<(), Fault> {
        let mut around = [0; GROUP_DEPTH_MAX];
        let mut depth = 0;
        let mut inner = number;
        while let Some(tag) = self.next_tag()? {
            let number = tag >> WIRE_BITS;
            match tag & WIRE_MASK {
                GROUP => {
                    let Some(place) = around.get_mut(depth) else {
                        return self.fault("groups are nested too deep");
                    };
                    *place = inner;
                    depth += 1;
                    inner = number;
                }
                GROUP_END if number != inner => return self.fault("a group ends that has not begun"),
                GROUP_END if depth == 0 => return Ok(()),
                GROUP_END => {
                    depth -= 1;
                    inner = around.get(depth).copied().unwrap_or_default();
                }
                _ => self.skip(tag)?,
            }
        }
        self.fault("a group does not end")
    }
}
