//! A flat folder of files: the engine's view of the disk.
//!
//! Invariant: bytes in a file never change. A file grows at its end while one writer has it open, and later it is
//! renamed or removed. That is why its content may be mapped and shared.

mod bytes;
mod memory;
mod real;
#[cfg(test)]
mod tests;

use std::io;

pub use bytes::FileBytes;
pub use memory::MemoryDisk;
pub use real::{OpenError, RealDisk};

/// A flat folder of files, which takes names but no paths.
pub trait Disk: Send + Sync + 'static {
    /// Returns all files of the folder, in the order of their names.
    fn list(&self) -> io::Result<Vec<FileEntry>>;

    /// Creates a new, empty file. Fails with `AlreadyExists` if there is one of that name.
    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>>;

    /// Returns the current content of a file. It stays as it is when the file grows or is removed.
    fn open(&self, name: &str) -> io::Result<FileBytes>;

    /// Renames a file atomically. It replaces a file that has the new name.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes the current names survive a power cut. The content of the files needs a sync of its own.
    fn sync_folder(&self) -> io::Result<()>;
}

/// The end of a file that is being written.
pub trait AppendFile: Send {
    /// Appends all of `bytes`. After an error, any part of them may be in the file.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Makes all bytes so far survive a power cut. After one error it must not be called again: a second call may
    /// succeed although the kernel has dropped the bytes.
    fn sync(&mut self) -> io::Result<()>;
}

/// One file of a folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileEntry {
    pub name: String,
    pub bytes: u64,
}

/// Refuses names that could lead out of the folder.
pub fn check_name(name: &str) -> io::Result<()> {
    if name.is_empty() || name == "." || name == ".." || name.contains(['/', '\\', '\0']) {
        let text = format!("{name:?} is not the name of a file");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    Ok(())
}
