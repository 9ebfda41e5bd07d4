//! A simulated disk whose operations a test can watch and change.

use std::io;

use platform::disk::{AppendFile, Disk, FileBytes, FileEntry};

use crate::SimDisk;

/// What a test does at the operations of a disk. By default it does nothing.
pub trait DiskHooks: Send + Sync + 'static {
    /// Called before a file is created. It may block, or make the creation fail.
    fn before_create(&self, _name: &str) -> io::Result<()> {
        Ok(())
    }

    /// Returns the file that the caller of `create` gets.
    fn created(&self, _name: &str, file: Box<dyn AppendFile>) -> Box<dyn AppendFile> {
        file
    }

    /// Returns the content that the caller of `open` gets.
    fn opened(&self, _name: &str, bytes: FileBytes) -> FileBytes {
        bytes
    }
}

/// A simulated disk with hooks. Clones share the disk; the hooks are cloned.
#[derive(Clone, Default)]
pub struct HookedDisk<H> {
    pub disk: SimDisk,
    pub hooks: H,
}

impl<H: DiskHooks> Disk for HookedDisk<H> {
    fn list(&self) -> io::Result<Vec<FileEntry>> {
        self.disk.list()
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>> {
        self.hooks.before_create(name)?;
        self.disk.create(name).map(|file| self.hooks.created(name, file))
    }

    fn open(&self, name: &str) -> io::Result<FileBytes> {
        self.disk.open(name).map(|bytes| self.hooks.opened(name, bytes))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.disk.remove(name)
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.disk.sync_folder()
    }

    fn available_bytes(&self) -> Option<u64> {
        self.disk.available_bytes()
    }
}
