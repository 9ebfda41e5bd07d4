//! What the threads of a check have seen of a log, and what each of them must see then.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use checked_wal::{Appended, Durability, Log};
use sync::SlowDisk;

use crate::disk::TrackedDisk;

/// A log whose calls are compared with what was seen before. Its clones are the same.
#[derive(Clone)]
pub(crate) struct Witness {
    pub(crate) log: Arc<Log>,
    pub(crate) disk: TrackedDisk,
    durability: Durability,
    /// Held for a moment only, in which no other thread of the model checker can run.
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    appends: usize,
    /// The file of each payload that was acknowledged.
    acknowledged: BTreeMap<Vec<u8>, u64>,
    refused: BTreeSet<Vec<u8>>,
    /// No frame that is appended from now on may go to an earlier file.
    file_min: u64,
    /// How many frames are held of each file.
    held: BTreeMap<u64, usize>,
}

/// An acknowledged frame that a thread holds.
pub(crate) struct Held {
    witness: Witness,
    appended: Appended,
}

impl Drop for Held {
    fn drop(&mut self) {
        // Order: it counts as let go first, or whoever waits for it could be right and seem wrong.
        *self.witness.seen().held.get_mut(&self.appended.file_number()).unwrap() -= 1;
    }
}

impl Witness {
    pub(crate) fn new(durability: Durability) -> Self {
        let disk = TrackedDisk::default();
        let log = Arc::new(Log::create(Arc::new(SlowDisk(disk.0.clone())), durability, 0).unwrap());
        Self { log, disk, durability, seen: Arc::default() }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends, and checks that the frame is in the log by the time it is acknowledged. None where it is refused.
    pub(crate) fn append(&self, payload: &[u8]) -> Option<Held> {
        let mut seen = self.seen();
        seen.appends += 1;
        let file_min = seen.file_min;
        drop(seen);
        let Ok(appended) = self.log.append(payload) else {
            self.seen().refused.insert(payload.to_vec());
            return None;
        };
        let number = appended.file_number();
        let there = self.disk.payloads(number, self.durability);
        assert!(there.iter().any(|found| found == payload), "acknowledged before it was there: {payload:?}");
        assert!(number >= file_min, "a frame in file {number} came after one in file {file_min}");
        let mut seen = self.seen();
        seen.acknowledged.insert(payload.to_vec(), number);
        seen.file_min = seen.file_min.max(number);
        *seen.held.entry(number).or_default() += 1;
        drop(seen);
        Some(Held { witness: self.clone(), appended })
    }

    /// Rotates, and checks that the files before the new one have what was acknowledged before.
    pub(crate) fn rotate(&self) -> u64 {
        let before = self.seen().acknowledged.values().max().copied();
        let number = self.log.rotate().unwrap();
        assert!(before.is_none_or(|before| before < number), "{before:?} is not before file {number}");
        let mut seen = self.seen();
        seen.file_min = seen.file_min.max(number);
        number
    }

    /// Waits, and checks that nobody holds a frame of an earlier file.
    pub(crate) fn wait_until_unused(&self, below: u64) {
        self.log.wait_until_unused(below);
        let held: usize = self.seen().held.range(..below).map(|(_, count)| count).sum();
        assert_eq!(held, 0, "frames are held of files before {below}");
        let closed = self.log.closed_files();
        assert!((0..below).all(|number| closed.contains(&number)), "{closed:?} are closed, below {below}");
    }

    /// Syncs, and checks that a power cut leaves what was acknowledged before.
    pub(crate) fn sync(&self) {
        let before = self.seen().acknowledged.clone();
        self.log.sync().unwrap();
        for (payload, number) in before {
            assert!(
                self.disk.payloads(number, Durability::Fsync).contains(&payload),
                "not synced: {payload:?}"
            );
        }
    }

    /// Checks at the end that the files have what was acknowledged, and nothing that was refused.
    pub(crate) fn check_all(&self) {
        let seen = self.seen();
        let found = self.disk.all_payloads();
        assert_eq!(seen.acknowledged.len() + seen.refused.len(), seen.appends);
        assert_eq!(found.len(), seen.acknowledged.len(), "each frame is there once");
        assert!(found.iter().all(|payload| seen.acknowledged.contains_key(payload)));
    }

    pub(crate) fn refused(&self) -> usize {
        self.seen().refused.len()
    }
}
