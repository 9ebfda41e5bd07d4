//! A damaged file that a start found.

use std::fmt::Display;
use std::io;

use platform::disk::Disk;

use crate::quarantine::DAMAGED_SUFFIX;

pub(super) struct DamagedFile {
    pub(super) name: String,
    pub(super) reason: String,
}

impl DamagedFile {
    /// Renames the file, and keeps it under that name.
    pub(super) fn quarantine(disk: &dyn Disk, name: &str, reason: &dyn Display) -> io::Result<Self> {
        disk.rename(name, &format!("{name}{DAMAGED_SUFFIX}"))?;
        Ok(Self { name: name.to_owned(), reason: reason.to_string() })
    }
}
