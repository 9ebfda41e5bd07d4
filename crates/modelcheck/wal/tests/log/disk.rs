//! A disk that knows what it has synced.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use checked_wal::{Durability, End, Entry, LogReader, file_name};
use platform::disk::{AppendFile, Disk as _};
use testkit::{DiskHooks, Fault, HookedDisk};

/// Its clones are the same disk.
#[derive(Clone, Default)]
pub(crate) struct TrackedDisk(pub(crate) HookedDisk<Synced>);

/// How many bytes of each file a sync has covered. This lock is held for a moment only, in which no other thread of
/// the model checker can run.
#[derive(Clone, Default)]
pub(crate) struct Synced(Arc<Mutex<BTreeMap<String, usize>>>);

struct TrackedFile {
    name: String,
    file: Box<dyn AppendFile>,
    appended: usize,
    synced: Synced,
}

impl TrackedDisk {
    /// Lets one operation fail, so many operations from now.
    pub(crate) fn fail_after(&self, operations: u64) {
        self.0.disk.fail_at(self.0.disk.operations() + operations, Fault::NoSpace);
    }

    /// The payloads in a file that survive what the durability says.
    pub(crate) fn payloads(&self, number: u64, durability: Durability) -> Vec<Vec<u8>> {
        let name = file_name(number);
        let bytes = self.0.disk.open(&name).unwrap();
        let bytes = match durability {
            Durability::Os => &bytes,
            Durability::Fsync => &bytes[..self.0.hooks.bytes(&name)],
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

    /// The payloads in all files, in the order of the log.
    pub(crate) fn all_payloads(&self) -> Vec<Vec<u8>> {
        let files = self.0.disk.list().unwrap();
        let numbers = files.iter().filter_map(|file| checked_wal::number_of(&file.name));
        numbers.flat_map(|number| self.payloads(number, Durability::Os)).collect()
    }
}

impl DiskHooks for Synced {
    fn created(&self, name: &str, file: Box<dyn AppendFile>) -> Box<dyn AppendFile> {
        Box::new(TrackedFile { name: name.to_owned(), file, appended: 0, synced: self.clone() })
    }
}

impl Synced {
    fn set(&self, name: &str, bytes: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), bytes);
    }

    fn bytes(&self, name: &str) -> usize {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).unwrap_or(&0)
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
        self.synced.set(&self.name, self.appended);
        Ok(())
    }
}
