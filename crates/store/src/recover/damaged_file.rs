//! A file that a start finds damaged.

use std::fmt::Display;
use std::io;

use platform::disk::Disk;

use crate::quarantine::DAMAGED_SUFFIX;

pub(super) struct DamagedFile {
    pub(super) name: String,
    pub(super) reason: String,
}

impl DamagedFile {
    /// Gives the file another name, under which it stays for whoever wants to look at it.
    pub(super) fn quarantine(disk: &dyn Disk, name: &str, reason: &dyn Display) -> io::Result<Self> {
        disk.rename(name, &format!("{name}{DAMAGED_SUFFIX}"))?;
        Ok(Self { name: name.to_owned(), reason: reason.to_string() })
    }
}
