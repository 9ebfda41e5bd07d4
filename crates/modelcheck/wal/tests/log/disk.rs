//! A disk that knows what it has synced.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use checked_wal::{Durability, End, Entry, LogReader, file_name};
use platform::disk::{AppendFile, Disk, FileBytes, FileEntry};
use testkit::{Fault, SimDisk};

/// Its clones are the same disk.
#[derive(Clone, Default)]
pub(crate) struct TrackedDisk {
    disk: SimDisk,
    /// How many bytes of each file a sync has covered. This lock is held for a moment only, in which no other thread
    /// of the model checker can run.
    synced: Arc<Mutex<BTreeMap<String, usize>>>,
}

struct TrackedFile {
    name: String,
    file: Box<dyn AppendFile>,
    appended: usize,
    synced: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl TrackedDisk {
    /// Lets one operation fail, so many operations from now.
    pub(crate) fn fail_after(&self, operations: u64) {
        self.disk.fail_at(self.disk.operations() + operations, Fault::NoSpace);
    }

    /// The payloads in a file that survive what the durability says.
    pub(crate) fn payloads(&self, number: u64, durability: Durability) -> Vec<Vec<u8>> {
        let name = file_name(number);
        let bytes = self.disk.open(&name).unwrap();
        let bytes = match durability {
            Durability::Os => &bytes,
            Durability::Fsync => &bytes[..self.synced_bytes(&name)],
        };
        let mut reader = LogReader::open(bytes).unwrap();
        let payloads = reader.by_ref().map(|entry| match entry {
            Entry::Frame { payload, .. } => payload.to_vec(),
            Entry::Damage { .. } => panic!("{name}: {entry:?}"),
        });
        let payloads = payloads.collect();
        assert_eq!(reader.end(), End::Clean, "{name}");
        payloads
    }

    fn synced_bytes(&self, name: &str) -> usize {
        *self.synced.lock().unwrap_or_else(PoisonError::into_inner).get(name).unwrap_or(&0)
    }

    /// The payloads in all files, in the order of the log.
    pub(crate) fn all_payloads(&self) -> Vec<Vec<u8>> {
        let files = self.disk.list().unwrap();
        let numbers = files.iter().filter_map(|file| checked_wal::number_of(&file.name));
        numbers.flat_map(|number| self.payloads(number, Durability::Os)).collect()
    }
}

impl Disk for TrackedDisk {
    fn list(&self) -> io::Result<Vec<FileEntry>> {
        self.disk.list()
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>> {
        let file = self.disk.create(name)?;
        Ok(Box::new(TrackedFile {
            name: name.to_owned(),
            file,
            appended: 0,
            synced: Arc::clone(&self.synced),
        }))
    }

    fn open(&self, name: &str) -> io::Result<FileBytes> {
        self.disk.open(name)
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

impl AppendFile for TrackedFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.append(bytes)?;
        self.appended += bytes.len();
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync()?;
        self.synced.lock().unwrap_or_else(PoisonError::into_inner).insert(self.name.clone(), self.appended);
        Ok(())
    }
}
