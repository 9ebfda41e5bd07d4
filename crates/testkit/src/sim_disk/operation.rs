//! What a disk is asked to do, and what can go wrong with it.

use std::io;

/// What a disk is asked to do that changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DiskOperation {
    Create,
    Append,
    Sync,
    Rename,
    Remove,
    SyncFolder,
}

/// An operation that has begun. The name is the file's when it was created, or before the rename.
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
    /// The device fails. What a failed sync should have saved is lost at the next power cut, whatever later syncs
    /// say: some kernels mark a page as clean although it could not be written.
    Io,
    /// An append writes so many bytes, then the disk is full. Other operations fail as with `NoSpace`.
    Short(usize),
    /// The machine stops in the middle of the operation: it may have happened, and nobody is told.
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
