//! The files that were found damaged. They are kept under another name, for people, but not without a limit.

use std::io;
use std::sync::Arc;

use platform::disk::{Disk, FileEntry};
use sync::Mutex;

use crate::disk_space::{DiskSpace, OtherFiles};

/// The suffix of a damaged file.
const SUFFIX: &str = ".damaged";

/// Returns the name under which a damaged file is kept.
pub(crate) fn damaged_name(name: &str) -> String {
    format!("{name}{SUFFIX}")
}

/// Returns the name that a damaged file had, if this is the name of one that the store keeps.
pub(crate) fn name_before_damage(name: &str) -> Option<&str> {
    let before = name.strip_suffix(SUFFIX)?;
    (wal::number_of(before).is_some() || segment::generations_of(before).is_some()).then_some(before)
}

struct DamagedFile {
    name: String,
    bytes: u64,
}

pub(crate) struct DamagedFiles {
    disk: Arc<dyn Disk>,
    space: Arc<DiskSpace>,
    /// The oldest first: names of one kind sort by age.
    files: Mutex<Vec<DamagedFile>>,
}

impl DamagedFiles {
    pub(crate) fn new(disk: &Arc<dyn Disk>, space: &Arc<DiskSpace>) -> Self {
        Self { disk: Arc::clone(disk), space: Arc::clone(space), files: Mutex::default() }
    }

    /// Takes over the files that earlier processes have kept.
    pub(crate) fn adopt(&self, entries: &[FileEntry]) {
        for entry in entries.iter().filter(|entry| name_before_damage(&entry.name).is_some()) {
            self.add(&entry.name, entry.bytes);
        }
    }

    /// Renames a damaged file of this size, and keeps it under that name. The caller syncs the folder.
    pub(crate) fn keep(&self, name: &str, bytes: u64) -> io::Result<()> {
        let kept = damaged_name(name);
        self.disk.rename(name, &kept)?;
        self.add(&kept, bytes);
        Ok(())
    }

    /// Makes renames durable.
    pub(crate) fn sync_folder(&self) -> io::Result<()> {
        self.disk.sync_folder()
    }

    fn add(&self, name: &str, bytes: u64) {
        let mut files = self.files.lock();
        files.push(DamagedFile { name: name.to_owned(), bytes });
        self.space.add(OtherFiles::Damaged, bytes);
        let mut held: u64 = files.iter().map(|file| file.bytes).sum();
        let mut overdue = Vec::new();
        while held > self.space.damaged_bytes_max() && !files.is_empty() {
            let oldest = files.remove(0);
            held -= oldest.bytes;
            overdue.push(oldest);
        }
        drop(files);
        for file in overdue {
            self.remove(&file);
        }
    }

    fn remove(&self, file: &DamagedFile) {
        match self.disk.remove(&file.name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, name = file.name, "a damaged file cannot be removed; the next start tries again");
            }
            Ok(()) | Err(_) => {
                tracing::warn!(
                    name = file.name,
                    bytes = file.bytes,
                    "a damaged file was removed: such files may take an eighth of --disk"
                );
                self.space.remove(OtherFiles::Damaged, file.bytes);
            }
        }
    }
}
