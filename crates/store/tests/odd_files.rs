//! Files that a start does not expect: other people's files and folders, a log that ends in the middle of a batch, files
//! that the disk cannot read.

#![expect(clippy::unwrap_used, reason = "all of this crate is a test")]

mod common;

use std::io;
use std::sync::Arc;

use common::{SECOND, START, accept, difference, open, settings};
use platform::disk::{AppendFile, Disk, FileBytes, FileEntry};
use store::{Durability, Store};
use testkit::{Model, OwnedSpan, SimDisk};

/// A disk with a folder under one name, and a file under another that it cannot read.
#[derive(Clone)]
struct OddDisk {
    disk: SimDisk,
    folder: Option<String>,
    unreadable: Option<String>,
}

impl Disk for OddDisk {
    fn list(&self) -> io::Result<Vec<FileEntry>> {
        let mut entries = self.disk.list()?;
        let folder = self.folder.iter().cloned();
        entries.extend(folder.map(|name| FileEntry { name, bytes: 4096, is_file: false }));
        Ok(entries)
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>> {
        self.disk.create(name)
    }

    fn open(&self, name: &str) -> io::Result<FileBytes> {
        assert_ne!(self.folder.as_deref(), Some(name), "a folder, or a pipe that nobody writes into");
        if self.unreadable.as_deref() == Some(name) {
            const EIO: i32 = 5;
            return Err(io::Error::from_raw_os_error(EIO));
        }
        self.disk.open(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        assert_ne!(self.folder.as_deref(), Some(name), "it is not the store's");
        self.disk.remove(name)
    }

    fn sync_folder(&self) -> io::Result<()> {
        self.disk.sync_folder()
    }
}

/// Returns a disk with a segment and a log of one batch each, and the model of both.
fn two_batches() -> (SimDisk, Model) {
    let disk = SimDisk::new();
    let store = open(&settings(Durability::Os), &disk, START);
    let mut model = Model::default();
    for number in 1..=2 {
        let batch = [OwnedSpan::root(number, 1, START.saturating_sub(SECOND))];
        let accepted = accept(&store, &batch, START).expect("there is room");
        model.accept(&batch, accepted.cutoff, START);
        if number == 1 {
            store.freeze(START);
            assert!(store.seal());
        }
    }
    (disk.crash(), model)
}

fn files(disk: &SimDisk) -> Vec<(String, Vec<u8>)> {
    let names = disk.list().unwrap().into_iter().map(|entry| entry.name);
    names.map(|name| (name.clone(), disk.open(&name).unwrap().to_vec())).collect()
}

#[test]
fn files_of_others_are_neither_deleted_nor_take_numbers_from_the_log() {
    let (disk, mut model) = two_batches();
    let strangers = [
        "ffffffffffffffff.wal",
        "ffffffffffffffff-ffffffffffffffff.segment",
        "ffffffffffffffff.wal.damaged",
        "thesis.draft",
        "space.reserve",
    ];
    let with_strangers =
        files(&disk).into_iter().chain(strangers.map(|name| (name.to_owned(), b"mine".to_vec())));
    let mut disk = SimDisk::holding(with_strangers);
    disk.set_capacity(Some(1 << 30));
    disk.tell_available_bytes();
    for number in 3..8 {
        let store = open(&settings(Durability::Os), &disk, START);
        assert_eq!(difference(&store, &model, START), None);
        let batch = [OwnedSpan::root(number, 1, START.saturating_sub(SECOND))];
        let accepted = accept(&store, &batch, START).expect("there is room");
        model.accept(&batch, accepted.cutoff, START);
        store.freeze(START);
        store.maintain(START);
        assert_eq!(difference(&store, &model, START), None);
        assert_eq!(store.stats(START).health.damaged_files, 0);
        disk = disk.crash();
    }
    for name in strangers {
        assert_eq!(&*disk.open(name).unwrap(), b"mine", "{name}");
    }
}

#[test]
fn a_folder_or_a_pipe_with_the_name_of_a_file_is_passed_over() {
    let (disk, model) = two_batches();
    for name in ["0000000100000007.wal", "0000000000000001-0000000000000009.segment", "space.reserve"] {
        let odd = OddDisk { disk: disk.clone(), folder: Some(name.to_owned()), unreadable: None };
        let store = open(&settings(Durability::Os), &odd, START);
        assert_eq!(difference(&store, &model, START), None, "{name}");
    }
}

#[test]
fn a_file_that_the_disk_cannot_read_is_set_aside_and_the_rest_is_served() {
    for suffix in [".segment", ".wal"] {
        let (disk, model) = two_batches();
        let named = |entry: &FileEntry| entry.name.ends_with(suffix);
        let name = disk.list().unwrap().into_iter().find(named).unwrap().name;
        let odd = OddDisk { disk: disk.clone(), folder: None, unreadable: Some(name.clone()) };
        let store =
            Store::open(settings(Durability::Os), Arc::new(odd), START).expect("the rest can be read");
        let stats = store.stats(START);
        assert_eq!((stats.health.damaged_files, stats.traces), (1, 1), "{name}");
        assert!(disk.list().unwrap().iter().any(|entry| entry.name == format!("{name}.damaged")));
        drop(model);
    }
}

#[test]
fn a_log_that_ends_inside_a_batch_is_cut_and_the_health_says_how_much() {
    let (disk, model) = two_batches();
    for torn in [1, 30, 500] {
        let mut files = files(&disk);
        let (_, log) = files.iter_mut().find(|(name, _)| wal::number_of(name).is_some()).unwrap();
        log.extend(std::iter::repeat_n(0xfb, torn));
        let disk = SimDisk::holding(files);
        let store = open(&settings(Durability::Os), &disk, START);
        assert_eq!(difference(&store, &model, START), None);
        let health = store.stats(START).health;
        assert_eq!((health.log_bytes_cut, health.damaged_files), (torn as u64, 0));
    }
    let store = open(&settings(Durability::Os), &disk, START);
    assert_eq!(store.stats(START).health.log_bytes_cut, 0);
}
