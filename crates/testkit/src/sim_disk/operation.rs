//! The writing operations of the simulated disk, and their faults.

use std::io;

/// The kind of an operation that changes the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DiskOperation {
    Create,
    Append,
    Sync,
    Rename,
    Remove,
    SyncFolder,
}

/// An operation that has begun. For a rename, `name` is the old name; for an append or a sync, it is the name under
/// which the file was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskCall {
    pub operation: DiskOperation,
    pub name: String,
}

/// What goes wrong at an operation that writes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// The disk is full: nothing happens.
    NoSpace,
    /// The device fails. What a failed sync should have saved is lost at the next power cut even if a later sync
    /// succeeds, because some kernels mark a page as clean although it could not be written.
    Io,
    /// An append writes this many bytes, then the disk is full. Other operations fail as with `NoSpace`.
    Short(usize),
    /// The machine stops during the operation, which may have taken effect or not.
    PowerCut,
}

impl Fault {
    pub(super) fn error(self) -> io::Error {
        match self {
            Self::NoSpace | Self::Short(_) => io::ErrorKind::StorageFull.into(),
            Self::Io => io::Error::other("the device does not answer"),
            Self::PowerCut => io::Error::other("the power is off"),
        }
    }
}
