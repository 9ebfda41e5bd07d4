//! A folder of the file system, used by one process at a time.
//!
//! Every operation goes by the handle of the folder, not by its path: a process whose folder was deleted and made again
//! never writes into the new one, which may belong to another process.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use rustix::fs::{AtFlags, Dir, FileType, OFlags, fstatvfs, openat, renameat, statat, unlinkat};

use super::folder_lock::{FILE_MODE, LOCK, LockedFolder, OpenError};
use super::{AppendFile, Disk, FileBytes, FileEntry, check_name};

/// A folder of the file system. No other process can use it while this value lives.
#[derive(Debug)]
pub struct RealDisk {
    folder: PathBuf,
    /// Kept open, so that a sync of the names needs no free file descriptor.
    locked: LockedFolder,
}

impl RealDisk {
    /// Locks the folder for this process, and creates it if it does not exist. Fails with [`OpenError::InUse`] if
    /// another process has locked it.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        Ok(Self { folder: folder.to_owned(), locked: LockedFolder::open(folder)? })
    }

    fn handle(&self) -> &File {
        &self.locked.handle
    }

    /// Fails if the folder is no longer what its path leads to. What is written into it then, no start would find.
    fn check_is_in_place(&self) -> io::Result<()> {
        if self.locked.is_at(&self.folder) {
            return Ok(());
        }
        Err(io::Error::other(format!(
            "the folder {} was deleted, moved or replaced while this process used it; move it back, or restart this \
             process",
            self.folder.display()
        )))
    }
}

/// Checks the name of a file of the store.
fn checked(name: &str) -> io::Result<&str> {
    check_name(name)?;
    if name == LOCK {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the name \"lock\" is reserved for the folder's lock file",
        ));
    }
    Ok(name)
}

impl Disk for RealDisk {
    fn list(&self) -> io::Result<Vec<FileEntry>> {
        let mut entries = Vec::new();
        for entry in Dir::read_from(self.handle())? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name == "." || name == ".." || name == LOCK {
                continue;
            }
            match statat(self.handle(), &name, AtFlags::empty()) {
                Ok(found) => entries.push(FileEntry {
                    name,
                    bytes: u64::try_from(found.st_size).unwrap_or(0),
                    is_file: FileType::from_raw_mode(found.st_mode) == FileType::RegularFile,
                }),
                // The file was removed after its name was read; or it is a link that leads nowhere, or the name is no
                // text, which no file of the store has.
                Err(rustix::io::Errno::NOENT) => {}
                Err(error) => return Err(error.into()),
            }
        }
        entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>> {
        self.check_is_in_place()?;
        let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let file = openat(self.handle(), checked(name)?, flags, FILE_MODE)?;
        Ok(Box::new(RealFile(file.into())))
    }

    fn open(&self, name: &str) -> io::Result<FileBytes> {
        // Without `NONBLOCK` a pipe would wait for somebody who writes into it.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(openat(self.handle(), checked(name)?, flags, FILE_MODE)?);
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a file"));
        }
        if metadata.len() == 0 {
            // The system cannot map an empty file.
            return Ok(Vec::new().into());
        }
        FileBytes::mapped(map(&file)?)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(renameat(self.handle(), checked(from)?, self.handle(), checked(to)?)?)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        Ok(unlinkat(self.handle(), checked(name)?, AtFlags::empty())?)
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.handle().sync_all()
    }

    fn available_bytes(&self) -> Option<u64> {
        let volume = fstatvfs(self.handle()).ok()?;
        volume.f_bavail.checked_mul(volume.f_frsize)
    }
}

#[expect(unsafe_code, reason = "a map is a promise about the file, which the lock and this module keep")]
fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes of a map must not change or disappear while it lives. Files of a `Disk` only grow at their
    // end: `create` never replaces a file, `AppendFile` only appends, nothing truncates, and the bytes of a removed
    // file stay until the map is dropped. The lock on the folder keeps other processes out. What the device cannot give,
    // and what somebody cuts off all the same, becomes zeros (`lost_pages.rs`).
    unsafe { Mmap::map(file) }
}

struct RealFile(File);

impl AppendFile for RealFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)?;
        // Bytes in a file without a name are gone when it is closed. The store removes no file that it still writes.
        if self.0.metadata()?.nlink() == 0 {
            return Err(io::Error::other(
                "somebody deleted the file while it was being written; restart this process if its folder was deleted",
            ));
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }
}
