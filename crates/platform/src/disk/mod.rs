//! A flat folder of files: what the engine sees of the disk.
//!
//! Invariant: bytes that are in a file never change. A file grows at its end while one writer holds it, and later
//! it is renamed or removed; that is all, and it is why its content may be mapped and shared.

mod bytes;
mod memory;
mod real;
#[cfg(test)]
mod tests;

use std::io;

pub use bytes::FileBytes;
pub use memory::MemoryDisk;
pub use real::{OpenError, RealDisk};

/// A flat folder of files. It takes names only, no paths.
pub trait Disk: Send + Sync + 'static {
    /// Returns all that is in the folder, in the order of the names.
    fn list(&self) -> io::Result<Vec<FileEntry>>;

    /// Makes a new, empty file; `AlreadyExists` where there is one of that name.
    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>>;

    /// Returns the content that the file has now. It stays as it is when the file grows, or is removed.
    fn open(&self, name: &str) -> io::Result<FileBytes>;

    /// Gives a file another name, at once, and in the place of the file that had it.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    fn remove(&self, name: &str) -> io::Result<()>;

    /// After this, the names as they are now survive a power cut; what is in the files is another matter.
    fn sync_folder(&self) -> io::Result<()>;
}

/// The end of a file that is being written.
pub trait AppendFile: Send {
    /// Appends all of `bytes`, or fails; then any part of them may be in the file.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// After this, the bytes so far survive a power cut. When it has failed once, nothing is known of them: a
    /// second call may say yes to bytes that the kernel has given up.
    fn sync(&mut self) -> io::Result<()>;
}

/// One line of a folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileEntry {
    pub name: String,
    pub bytes: u64,
}

/// Refuses what could lead out of the folder.
pub fn check_name(name: &str) -> io::Result<()> {
    if name.is_empty() || name == "." || name == ".." || name.contains(['/', '\\', '\0']) {
        let text = format!("{name:?} is not the name of a file");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    Ok(())
}
