//! The entries of an operation table: each distinct pair of operation and status of a segment is stored once.
//!
//! Format: service u32, name u32 (numbers of names), kind i32, flags u32, number of the resource scope + 1 u32 (0:
//! none), status u32 (0 unset, 1 ok, 2 error). Operations with an error come last, so that a code alone tells whether
//! its span failed.

use record::Reader;
use span::Status;

pub(crate) const BYTES: usize = 24;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct OperationEntry {
    pub(crate) service: u32,
    pub(crate) name: u32,
    pub(crate) kind: i32,
    pub(crate) flags: u32,
    /// The number of the resource scope + 1, or 0 for none.
    pub(crate) resource_scope: u32,
    pub(crate) status: Status,
}

impl OperationEntry {
    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        let status = match self.status {
            Status::Unset => 0u32,
            Status::Ok => 1,
            Status::Error => 2,
        };
        out.extend_from_slice(&self.service.to_le_bytes());
        out.extend_from_slice(&self.name.to_le_bytes());
        out.extend_from_slice(&self.kind.to_le_bytes());
        out.extend_from_slice(&self.flags.to_le_bytes());
        out.extend_from_slice(&self.resource_scope.to_le_bytes());
        out.extend_from_slice(&status.to_le_bytes());
    }

    pub(crate) fn take(bytes: &[u8; BYTES]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        Some(Self {
            service: reader.take_u32().ok()?,
            name: reader.take_u32().ok()?,
            kind: reader.take_array().map(i32::from_le_bytes).ok()?,
            flags: reader.take_u32().ok()?,
            resource_scope: reader.take_u32().ok()?,
            status: match reader.take_u32().ok()? {
                0 => Status::Unset,
                1 => Status::Ok,
                2 => Status::Error,
                _ => return None,
            },
        })
    }
}
