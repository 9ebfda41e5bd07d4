//! A flat folder of files: the engine's view of the disk.
//!
//! Invariant: bytes in a file never change. A file grows at its end while one writer has it open, and later it is
//! renamed or removed. That is why its content may be mapped and shared.

mod bytes;
mod folder_lock;
mod lost_pages;
mod memory;
mod real;
#[cfg(test)]
mod tests;

use std::io;

pub use bytes::FileBytes;
pub use folder_lock::OpenError;
pub use lost_pages::lost_pages;
pub use memory::MemoryDisk;
pub use real::RealDisk;

/// A flat folder of files, which takes names but no paths.
pub trait Disk: Send + Sync + 'static {
    /// Returns everything that is in the folder, in the order of the names.
    fn list(&self) -> io::Result<Vec<FileEntry>>;

    /// Creates a new, empty file. Fails with `AlreadyExists` if a file has this name. The name survives a power cut
    /// only after [`sync_folder`](Self::sync_folder).
    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>>;

    /// Returns the current content of a file. The returned bytes do not change when the file grows or is removed.
    fn open(&self, name: &str) -> io::Result<FileBytes>;

    /// Renames the file `from` atomically. An existing file named `to` is replaced. The new name survives a power cut
    /// only after [`sync_folder`](Self::sync_folder).
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file. A power cut may bring it back until [`sync_folder`](Self::sync_folder) is called.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes all creations, renames and removals so far survive a power cut. The bytes of a file are saved by
    /// [`AppendFile::sync`] instead.
    fn sync_folder(&self) -> io::Result<()>;

    /// Returns how many more bytes can be written, if the disk tells.
    fn available_bytes(&self) -> Option<u64> {
        None
    }
}

/// A file that is open for appending.
pub trait AppendFile: Send {
    /// Appends all of `bytes`. After an error, any part of them may be in the file.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes all bytes so far survive a power cut. After one error it must not be called again: a second call may
    /// succeed although the kernel has dropped the bytes.
    fn sync(&mut self) -> io::Result<()>;
}

/// What has a name in a folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileEntry {
    pub name: String,
    pub bytes: u64,
    /// False for folders, pipes and whatever else is no file. The store made none of these.
    pub is_file: bool,
}

/// Whether an operation failed because there is no space: on the disk, or in the quota of the user.
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Fails with `InvalidInput` unless `name` is a plain file name: not empty, not `.` or `..`, and without `/`, `\` and
/// NUL. Any other name could lead out of the folder.
pub fn check_name(name: &str) -> io::Result<()> {
    if name.is_empty() || name == "." || name == ".." || name.contains(['/', '\\', '\0']) {
        let text = format!("{name:?} is not a plain file name");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    Ok(())
}
