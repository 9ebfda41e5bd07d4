//! The store as its users see it.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use platform::disk::{Disk, MemoryDisk};
use span::{Span, Timestamp, TraceId};

use crate::error::OpenError;
use crate::ingest::{Accepted, Ingest, Refused};
use crate::ledger::{Counters, Ledger};
use crate::maintenance::Maintainer;
use crate::parts::Parts;
use crate::read::{ChangeFeed, Changed, Reader, Snapshot, Stats, StatusReader, TraceSpans};
use crate::recover;
use crate::settings::{Durability, Medium, Settings};
use crate::signal::Signal;
use crate::space::Space;
use crate::window::Window;

/// A rolling window of spans, shared by reference between threads.
///
/// What takes batches, what answers questions and what works in the background are three rooms with parts of their own;
/// this hands every call to the right one.
pub struct Store {
    settings: Settings,
    window: Arc<Window>,
    counters: Arc<Counters>,
    changes: Arc<ChangeFeed>,
    signal: Arc<Signal>,
    space: Arc<Space>,
    ingest: Ingest,
    reader: Reader,
    status: StatusReader,
    /// Held by the one thread that does maintenance, through its I/O. No request and no question takes it.
    maintainer: Arc<Mutex<Maintainer>>,
}

impl Store {
    /// A store that keeps nothing when it ends: its segments are in memory, and there is no log.
    pub fn in_memory(settings: Settings, now: Timestamp) -> Self {
        let settings = Settings { durability: Durability::Memory, ..settings };
        let parts = Parts::new(settings, (Arc::new(MemoryDisk::new()), Medium::Memory), 1, now);
        let maintainer = parts.maintainer(0);
        Self::assemble(&parts, maintainer)
    }

    /// Opens what is on the disk: what was acknowledged before is there again.
    ///
    /// # Errors
    /// Where the disk cannot be read, or has files of a later version.
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
            ingest: parts.ingest(&maintainer),
            reader: parts.reader(),
            status: parts.status_reader(),
            maintainer,
        }
    }

    /// Takes a batch: what is inside the window is in every snapshot that is taken after this returns, and is as durable
    /// as the settings say. A span that is too large for the log is left out.
    ///
    /// # Errors
    /// Where there is no room and none can be made, or the log cannot be written.
    pub fn accept(&self, batch: &[Span<'_>], now: Timestamp) -> Result<Accepted, Refused> {
        self.ingest.accept(batch, now)
    }

    /// Whether a batch may wait: for the disk to have it, or for room in the memory.
    pub fn may_wait(&self) -> bool {
        self.settings.durability == Durability::Fsync || self.space.is_memory_full()
    }

    /// One state of the store. All questions are asked of it.
    pub fn snapshot(&self, now: Timestamp) -> Snapshot {
        self.reader.snapshot(now)
    }

    /// The spans of one trace; none where it is not inside the window. Cheaper than by a snapshot, which looks at all
    /// shards.
    pub fn trace(&self, id: TraceId, now: Timestamp) -> Option<TraceSpans> {
        self.reader.trace(id, now)
    }

    /// Subscribes to changes. Returns the position from which on [`changes`](Self::changes) knows whatever is not in a
    /// snapshot that is taken after this call.
    pub fn subscribe(&self, now: Timestamp) -> u64 {
        self.changes.subscribe(now)
    }

    /// The traces that got spans since a position, at most `limit` of them. None where that is no longer known; the
    /// subscriber has to read everything again then. (A trace that leaves the window does not change.)
    pub fn changes(&self, since: u64, limit: usize, now: Timestamp) -> Option<Changed> {
        self.changes.since(since, limit, now)
    }

    /// The start time from which spans are in the answers.
    pub fn cutoff(&self, now: Timestamp) -> Timestamp {
        self.window.cutoff(now)
    }

    /// When a span that starts then leaves the window, if there is space for it until then.
    pub fn leaves_at(&self, start: Timestamp) -> Timestamp {
        self.window.leaves_at(start)
    }

    /// From when to when spans start that are inside the window, as far as files and generations say.
    pub fn bounds(&self, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        self.reader.bounds(now)
    }

    pub fn ledger(&self) -> Ledger {
        self.counters.read()
    }

    pub fn stats(&self, now: Timestamp) -> Stats {
        self.status.read(&self.snapshot(now), self.window.limited_by(now))
    }

    /// Does all maintenance that is due.
    pub fn maintain(&self, now: Timestamp) {
        self.maintainer.lock().maintain(now);
    }

    /// Freezes the open generation if it has spans: it waits to be sealed then.
    pub fn freeze(&self, now: Timestamp) {
        self.maintainer.lock().freeze(now);
    }

    /// Seals the oldest frozen generation. False where there is none, or it cannot be written now.
    pub fn seal(&self) -> bool {
        self.maintainer.lock().seal()
    }

    /// Merges one run of neighbouring segments. False where there is none, or it cannot be written now.
    pub fn merge(&self) -> bool {
        self.maintainer.lock().merge()
    }

    /// Evicts what the window has passed.
    pub fn evict(&self, now: Timestamp) {
        self.maintainer.lock().evict(now);
    }

    pub(crate) fn signal(&self) -> &Signal {
        &self.signal
    }

    pub(crate) fn window_length(&self) -> Duration {
        self.settings.window
    }
}
