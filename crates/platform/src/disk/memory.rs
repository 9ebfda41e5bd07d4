//! A folder in memory, for a server that keeps nothing on the disk.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;
use std::sync::Arc;

use parking_lot::Mutex;

use super::{AppendFile, Disk, FileBytes, FileEntry, check_name};

/// The content of one file. Readers share the vector; an append copies it only while a reader still has it.
type Held = Arc<Mutex<Arc<Vec<u8>>>>;

/// A folder in memory. Its files are lost when the process ends, so a sync does nothing.
#[derive(Debug, Default)]
pub struct MemoryDisk {
    files: Mutex<BTreeMap<String, Held>>,
}

impl MemoryDisk {
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns how many bytes the files have in total.
    pub fn bytes(&self) -> u64 {
        self.files.lock().values().map(|file| file.lock().len() as u64).sum()
    }
}

impl Disk for MemoryDisk {
    fn list(&self) -> io::Result<Vec<FileEntry>> {
        let files = self.files.lock();
        let entries = files.iter();
        Ok(entries
            .map(|(name, file)| FileEntry {
                name: name.clone(),
                bytes: file.lock().len() as u64,
                is_file: true,
            })
            .collect())
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>> {
        check_name(name)?;
        match self.files.lock().entry(name.to_owned()) {
            Entry::Occupied(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Entry::Vacant(place) => Ok(Box::new(MemoryFile(Arc::clone(place.insert(Held::default()))))),
        }
    }

    fn open(&self, name: &str) -> io::Result<FileBytes> {
        let files = self.files.lock();
        let file = files.get(name).ok_or(io::ErrorKind::NotFound)?;
        let bytes = Arc::clone(&file.lock());
        Ok(bytes.into())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        check_name(to)?;
        let mut files = self.files.lock();
        let file = files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        files.insert(to.to_owned(), file);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.files.lock().remove(name).map(drop).ok_or(io::ErrorKind::NotFound.into())
    }

    fn sync_folder(&self) -> io::Result<()> {
        Ok(())
    }
}

struct MemoryFile(Held);

impl AppendFile for MemoryFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        Arc::make_mut(&mut self.0.lock()).extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for MemoryFile {
    /// Frees unused capacity, because nothing is appended after this: a vector that has grown may have twice the
    /// memory that it needs.
    fn drop(&mut self) {
        if let Some(bytes) = Arc::get_mut(&mut self.0.lock()) {
            bytes.shrink_to_fit();
        }
    }
}
