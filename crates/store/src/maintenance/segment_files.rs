//! The files of segments. A file gets its final name only when it is complete, and its removal is made durable.

use std::io;
use std::sync::Arc;

use platform::disk::{Disk, FileBytes};

use crate::disk_space::{DiskSpace, OtherFiles};

/// The suffix of a file that is not finished.
const UNFINISHED_SUFFIX: &str = ".draft";

/// Returns the name that a file should have got, if it was not finished when the process ended.
pub(crate) fn finished_name(name: &str) -> Option<&str> {
    name.strip_suffix(UNFINISHED_SUFFIX).filter(|name| segment::generations_of(name).is_some())
}

pub(crate) struct SegmentFiles {
    disk: Arc<dyn Disk>,
    space: Arc<DiskSpace>,
    /// Files that are no longer needed and could not be removed yet.
    leftovers: Vec<String>,
    /// Files were removed, and a power cut could bring them back.
    has_unsynced_removals: bool,
}

impl SegmentFiles {
    pub(crate) fn new(disk: &Arc<dyn Disk>, space: &Arc<DiskSpace>) -> Self {
        let (disk, space) = (Arc::clone(disk), Arc::clone(space));
        Self { disk, space, leftovers: Vec::new(), has_unsynced_removals: false }
    }

    pub(super) fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    /// Writes a file and opens it. A file that has its final name is complete, also after a power cut.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<FileBytes> {
        let unfinished = format!("{name}{UNFINISHED_SUFFIX}");
        // Counted before it is written. From when it is in the view, it is counted there.
        self.space.add(OtherFiles::Unfinished, bytes.len() as u64);
        let written =
            self.write_unfinished(&unfinished, bytes).and_then(|()| self.disk.rename(&unfinished, name));
        if written.is_err() {
            // The incomplete file takes space that is needed. If it cannot be removed now, the next start removes it.
            drop(self.disk.remove(&unfinished));
        }
        self.space.remove(OtherFiles::Unfinished, bytes.len() as u64);
        written?;
        self.disk.sync_folder()?;
        self.disk.open(name)
    }

    fn write_unfinished(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = match self.disk.create(name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.disk.remove(name)?;
                self.disk.create(name)?
            }
            created => created?,
        };
        file.append(bytes)?;
        // Order: the bytes before the name. Otherwise a power cut could leave the name on an empty file.
        file.sync()
    }

    /// Removes files that are no longer needed. Those that cannot be removed now are tried again later.
    pub(super) fn remove(&mut self, names: impl Iterator<Item = String>) {
        for name in names {
            self.note_removal();
            if let Err(error) = self.disk.remove(&name)
                && error.kind() != io::ErrorKind::NotFound
            {
                self.leftovers.push(name);
            }
        }
        // Whoever cleans up next tries it again, and reports it.
        let _tried_again = self.sync_removals();
    }

    /// Adds a file that is to be removed later.
    pub(super) fn leave_over(&mut self, name: String) {
        self.note_removal();
        self.leftovers.push(name);
    }

    /// Removes the files that could not be removed before, except for `except`, which is about to be replaced.
    pub(super) fn remove_leftovers(&mut self, except: &str) -> io::Result<()> {
        self.leftovers.retain(|name| name != except);
        while let Some(name) = self.leftovers.last() {
            self.has_unsynced_removals = true;
            match self.disk.remove(name) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => drop(self.leftovers.pop()),
            }
        }
        Ok(())
    }

    /// Notes that a file is about to be removed.
    pub(super) fn note_removal(&mut self) {
        self.has_unsynced_removals = true;
    }

    /// Makes removals durable. Otherwise a power cut could bring files back in any order: an early one without the
    /// later one that replaced it.
    pub(super) fn sync_removals(&mut self) -> io::Result<()> {
        if self.has_unsynced_removals {
            self.disk.sync_folder()?;
            self.has_unsynced_removals = false;
        }
        Ok(())
    }
}
