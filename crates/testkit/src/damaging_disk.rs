//! A disk that returns changed bytes, like a storage device that decays while the process runs.

use std::io;
use std::sync::Arc;

use parking_lot::Mutex;
use platform::disk::{AppendFile, Disk, FileBytes, FileEntry};

use crate::SimDisk;

/// A simulated disk that can damage segments when they are opened. Clones share one disk.
#[derive(Clone, Default)]
pub struct DamagingDisk {
    disk: SimDisk,
    damaged_byte: Arc<Mutex<Option<usize>>>,
}

impl DamagingDisk {
    /// Makes `open` flip a bit of the byte at this offset in every segment that is longer than the offset. `None`
    /// stops this. Only what `open` returns changes, not the stored files.
    pub fn damage(&self, byte: Option<usize>) {
        *self.damaged_byte.lock() = byte;
    }
}

impl Disk for DamagingDisk {
    fn list(&self) -> io::Result<Vec<FileEntry>> {
        self.disk.list()
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>> {
        self.disk.create(name)
    }

    fn open(&self, name: &str) -> io::Result<FileBytes> {
        let bytes = self.disk.open(name)?;
        match *self.damaged_byte.lock() {
            Some(at) if name.ends_with(".segment") && at < bytes.len() => {
                let mut bytes = bytes.to_vec();
                bytes[at] ^= 1 << (at % 8);
                Ok(bytes.into())
            }
            _ => Ok(bytes),
        }
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
}
