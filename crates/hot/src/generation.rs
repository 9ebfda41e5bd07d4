//! The shards of one generation, and functions over all of them.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use record::Batch;
use span::Timestamp;
use sync::atomic::{AtomicUsize, Ordering};
use sync::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::names::{NameLists, Names, NumberedOperation};
use crate::router::Router;
use crate::shard::Shard;
use crate::slab::Slot;
use crate::trace::Mark;

/// The spans that arrived during one stretch of time. A frozen generation takes no more spans; its marks still
/// change.
pub struct Generation {
    number: u64,
    opened_at: Timestamp,
    oldest_cutoff: Timestamp,
    shards: Box<[RwLock<Shard>]>,
    names: Arc<Names>,
    bytes: AtomicUsize,
    /// Traces whose marks changed, in any order and possibly more than once.
    marked: Mutex<Vec<(usize, Slot)>>,
}

/// The write lock of a shard. It updates the generation's memory count when it is released.
pub struct WriteGuard<'a> {
    shard: RwLockWriteGuard<'a, Shard>,
    bytes_before: usize,
    bytes: &'a AtomicUsize,
}

impl Deref for WriteGuard<'_> {
    type Target = Shard;

    fn deref(&self) -> &Shard {
        &self.shard
    }
}

impl DerefMut for WriteGuard<'_> {
    fn deref_mut(&mut self) -> &mut Shard {
        &mut self.shard
    }
}

impl Drop for WriteGuard<'_> {
    fn drop(&mut self) {
        // Wrapping: if the shard became smaller, this adds a negative number.
        self.bytes.fetch_add(self.shard.bytes().wrapping_sub(self.bytes_before), Ordering::Relaxed);
    }
}

impl Generation {
    /// Makes an empty generation, opened at `opened_at`, whose spans will be checked against cutoffs from
    /// `oldest_cutoff` on.
    pub fn new(number: u64, router: &Router, opened_at: Timestamp, oldest_cutoff: Timestamp) -> Self {
        let names: Arc<Names> = Arc::default();
        let shard = |_| RwLock::new(Shard::new(router.clone(), Arc::clone(&names)));
        let shards: Box<[_]> = (0..router.shard_count()).map(shard).collect();
        let bytes = shards.iter().map(|shard| shard.read().bytes()).sum();
        Self {
            number,
            opened_at,
            oldest_cutoff,
            shards,
            names,
            bytes: AtomicUsize::new(bytes),
            marked: Mutex::default(),
        }
    }

    pub fn number(&self) -> u64 {
        self.number
    }

    pub fn opened_at(&self) -> Timestamp {
        self.opened_at
    }

    /// Returns the earliest cutoff that one of its spans may have been checked against.
    pub fn oldest_cutoff(&self) -> Timestamp {
        self.oldest_cutoff
    }

    /// Returns the memory, including unused capacity of tables and chunks.
    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed) + self.names.bytes()
    }

    pub fn spans(&self) -> u64 {
        self.shards.iter().map(|shard| shard.read().spans()).sum()
    }

    /// Returns the earliest and the latest start of all spans that ever arrived.
    pub fn start_range(&self) -> (Timestamp, Timestamp) {
        let ranges = self.shards.iter().map(|shard| shard.read().start_range());
        ranges.fold((Timestamp::MAX, Timestamp::MIN), |(min, max), (from, to)| (min.min(from), max.max(to)))
    }

    pub fn shard_count(&self) -> usize {
        self.shards.len()
    }

    pub fn read(&self, shard: usize) -> RwLockReadGuard<'_, Shard> {
        self.shards[shard].read()
    }

    pub fn write(&self, shard: usize) -> WriteGuard<'_> {
        let shard = self.shards[shard].write();
        WriteGuard { bytes_before: shard.bytes(), shard, bytes: &self.bytes }
    }

    /// Locks every shard against writers, so that the caller reads one state.
    pub fn read_all(&self) -> Vec<RwLockReadGuard<'_, Shard>> {
        self.shards.iter().map(RwLock::read).collect()
    }

    /// Locks every shard against readers and writers.
    pub fn write_all(&self) -> Vec<WriteGuard<'_>> {
        (0..self.shards.len()).map(|shard| self.write(shard)).collect()
    }

    /// Returns the operations of a batch as this generation knows them.
    pub fn intern(&self, batch: &Batch<'_>) -> Vec<NumberedOperation> {
        self.names.intern(batch)
    }

    /// Returns the operation with this number; its resource scope is a number of this generation, too.
    pub fn operation(&self, number: u32) -> Arc<[u8]> {
        self.names.operation(number)
    }

    /// Returns the resource scope with this number.
    pub fn resource_scope(&self, number: u32) -> Arc<[u8]> {
        self.names.resource_scope(number)
    }

    /// Returns all operations and all resource scopes.
    pub fn names(&self) -> NameLists {
        self.names.lists()
    }

    /// Marks the trace at `slot` for a younger generation. The caller holds the same shard of the open generation.
    pub fn mark(&self, shard: usize, slot: Slot, mark: Mark) {
        if self.shards[shard].read().mark(slot, mark) {
            self.marked.lock().push((shard, slot));
        }
    }

    /// Returns the traces whose marks changed since the generation was opened.
    pub fn marked(&self) -> Vec<(usize, Slot)> {
        self.marked.lock().clone()
    }
}
