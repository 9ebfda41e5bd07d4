//! The store, as its users see it.

use std::sync::Arc;
use std::time::Duration;

use budget::Permit;
use platform::disk::{Disk, MemoryDisk};
use span::{Span, Timestamp, TraceId};
use sync::Mutex;

use crate::change_feed::{ChangeFeed, Changed};
use crate::clock::Now;
use crate::disk_space::DiskSpace;
use crate::error::OpenError;
use crate::ingest::{Accepted, Ingest, Refused};
use crate::ledger::{Counters, Ledger};
use crate::maintenance::Maintainer;
use crate::parts::Parts;
use crate::read::{NoTrace, Reader, Snapshot, Stats, StatusReader, TraceSpans};
use crate::recover;
use crate::settings::{Durability, Medium, Settings};
use crate::signal::Signal;
use crate::space::Space;
use crate::window::Window;

/// A rolling window of spans, which threads share by reference.
///
/// It passes every call to one of the three rooms, which have parts of their own: ingest, read and maintenance.
pub struct Store {
    settings: Settings,
    window: Arc<Window>,
    counters: Arc<Counters>,
    changes: Arc<ChangeFeed>,
    signal: Arc<Signal>,
    space: Arc<Space>,
    disk_space: Arc<DiskSpace>,
    ingest: Ingest,
    reader: Reader,
    status: StatusReader,
    /// Held by the one thread that does maintenance, even during its I/O. No batch and no question takes it.
    maintainer: Arc<Mutex<Maintainer>>,
}

impl Store {
    /// Makes a store that keeps nothing when it ends: its segments are in memory, and there is no log.
    pub fn in_memory(settings: Settings, now: Timestamp) -> Self {
        let settings = Settings { durability: Durability::Memory, ..settings };
        let parts = Parts::new(settings, Arc::new(MemoryDisk::new()), Medium::Memory, 1, now);
        let maintainer = parts.maintainer(0, None);
        Self::assemble(&parts, maintainer)
    }

    /// Opens the store on a disk, with everything that was acknowledged before.
    ///
    /// # Errors
    /// If the disk cannot be read, or has files of a later version.
    pub fn open(settings: Settings, disk: Arc<dyn Disk>, now: Timestamp) -> Result<Self, OpenError> {
        let (parts, maintainer) = recover::open(settings, disk, now)?;
        Ok(Self::assemble(&parts, maintainer))
    }

    fn assemble(parts: &Parts, maintainer: Maintainer) -> Self {
        let maintainer = Arc::new(Mutex::new(maintainer));
        Self {
            settings: parts.settings,
            window: Arc::clone(&parts.window),
            counters: Arc::clone(&parts.counters),
            changes: Arc::clone(&parts.changes),
            signal: Arc::clone(&parts.signal),
            space: Arc::clone(&parts.space),
            disk_space: Arc::clone(&parts.disk_space),
            ingest: parts.ingest(&maintainer),
            reader: parts.reader(),
            status: parts.status_reader(),
            maintainer,
        }
    }

    /// Takes a batch. When this returns, every later snapshot has the spans that are inside the window, and they are
    /// as durable as the settings ask. A span that is too large for the log is left out.
    ///
    /// # Errors
    /// If there is no space and none can be made, or the log cannot be written.
    pub fn accept(&self, batch: &[Span<'_>], now: impl Into<Now>) -> Result<Accepted, Refused> {
        self.ingest.accept(batch, now.into())
    }

    /// Whether taking a batch may block: until the disk has it, or until there is space.
    pub fn may_wait(&self) -> bool {
        self.settings.durability == Durability::Fsync
            || self.space.is_memory_full()
            || self.disk_space.is_full()
    }

    /// Returns one state of the store, which all questions are asked of.
    pub fn snapshot(&self, now: impl Into<Now>) -> Snapshot {
        self.reader.snapshot(now.into())
    }

    /// Returns the spans of one trace. It costs less than a snapshot, which visits all shards.
    ///
    /// # Errors
    /// If the trace is not inside the window, as far as the segments can be read.
    pub fn trace(&self, id: TraceId, now: impl Into<Now>) -> Result<TraceSpans, NoTrace> {
        self.reader.trace(id, now.into(), None)
    }

    /// Returns the spans of one trace, as [`trace`](Self::trace) does. `memory` grows with their copy.
    ///
    /// # Errors
    /// If the trace is not inside the window, or there is too little memory.
    pub fn trace_within(
        &self,
        id: TraceId,
        now: impl Into<Now>,
        memory: &Permit,
    ) -> Result<TraceSpans, NoTrace> {
        self.reader.trace(id, now.into(), Some(memory))
    }

    /// Subscribes to changes. Returns a position: [`changes`](Self::changes) reports every later change that is not
    /// in a snapshot taken after this call.
    pub fn subscribe(&self, now: impl Into<Now>) -> u64 {
        self.changes.subscribe(now.into().time())
    }

    /// Returns the traces that got spans since a position, at most `limit` of them. Returns `None` if that is no
    /// longer known, and the subscriber has to read everything again. (A trace that leaves the window is no change.)
    pub fn changes(&self, since: u64, limit: usize, now: impl Into<Now>) -> Option<Changed> {
        self.changes.between((since, u64::MAX), limit, now.into().time())
    }

    /// Returns the traces that got spans between two positions, as [`changes`](Self::changes) does.
    pub fn changes_between(
        &self,
        positions: (u64, u64),
        limit: usize,
        now: impl Into<Now>,
    ) -> Option<Changed> {
        self.changes.between(positions, limit, now.into().time())
    }

    /// Returns the start time from which spans are in the answers.
    pub fn cutoff(&self, now: impl Into<Now>) -> Timestamp {
        self.window.cutoff(now.into())
    }

    /// Returns when a span with this start leaves the window, unless it is evicted for space before.
    pub fn leaves_at(&self, start: Timestamp) -> Timestamp {
        self.window.leaves_at(start)
    }

    /// Returns the range in which the stored spans inside the window start. It may be wider than needed.
    pub fn bounds(&self, now: impl Into<Now>) -> Option<(Timestamp, Timestamp)> {
        self.reader.bounds(now.into())
    }

    pub fn ledger(&self) -> Ledger {
        self.counters.read()
    }

    pub fn stats(&self, now: impl Into<Now>) -> Stats {
        let now = now.into();
        self.status.read(&self.snapshot(now), self.window.limited_by(now))
    }

    /// Returns how many files were found damaged since the start. All answers are without their spans.
    pub fn damaged_files(&self) -> u64 {
        self.status.damaged_files()
    }

    /// Whether batches are taken. If not, answers are given all the same.
    pub fn takes_writes(&self) -> bool {
        self.status.takes_writes()
    }

    /// Does all maintenance that is due.
    pub fn maintain(&self, now: impl Into<Now>) {
        self.maintainer.lock().maintain(now.into());
    }

    /// Freezes the open generation if it has spans. It then waits to be sealed.
    pub fn freeze(&self, now: impl Into<Now>) {
        self.maintainer.lock().freeze(now.into());
    }

    /// Seals the oldest frozen generation. Returns false if there is none, or it cannot be written now.
    pub fn seal(&self) -> bool {
        self.maintainer.lock().seal()
    }

    /// Merges one run of neighbouring segments. Returns false if there is none, or it cannot be written now.
    pub fn merge(&self) -> bool {
        self.maintainer.lock().merge()
    }

    /// Evicts everything that the window has passed.
    pub fn evict(&self, now: impl Into<Now>) {
        self.maintainer.lock().evict(now.into());
    }

    pub(crate) fn signal(&self) -> &Signal {
        &self.signal
    }

    pub(crate) fn window_length(&self) -> Duration {
        self.settings.window
    }
}
