//! The handle.

use std::sync::Arc;

use hot::{Generation, Router};
use parking_lot::Mutex;
use platform::disk::{Disk, MemoryDisk};
use span::Timestamp;
use wal::Log;

use crate::changes::Changes;
use crate::directory::Directory;
use crate::error::OpenError;
use crate::fault::Fault;
use crate::ledger::{Counters, Ledger};
use crate::settings::{Durability, Settings};
use crate::upkeep::{Trouble, Upkeep, Wake};
use crate::view::{View, Views};
use crate::window::Window;

/// A rolling window of spans. Shared by reference between threads.
pub struct Store {
    pub(crate) settings: Settings,
    pub(crate) disk: Arc<dyn Disk>,
    /// The disk is memory, and counts as such.
    pub(crate) is_in_memory: bool,
    pub(crate) window: Window,
    pub(crate) router: Router,
    pub(crate) directory: Directory,
    pub(crate) views: Views,
    /// Nothing where durability is `memory`.
    pub(crate) log: Option<Log>,
    pub(crate) counters: Counters,
    /// Held by the one thread that changes the view.
    pub(crate) upkeep: Mutex<Upkeep>,
    pub(crate) trouble: Trouble,
    /// Segments that were found damaged and wait to be set aside.
    pub(crate) faults: Mutex<Vec<Fault>>,
    pub(crate) wake: Wake,
    pub(crate) changes: Changes,
}

impl Store {
    /// A store that keeps nothing when it ends: its segments are in memory, and there is no log.
    pub fn in_memory(settings: Settings, now: Timestamp) -> Self {
        let settings = Settings { durability: Durability::Memory, ..settings };
        let mut store = Self::empty(settings, Arc::new(MemoryDisk::new()), 1, now);
        store.is_in_memory = true;
        store
    }

    /// Opens what is on the disk: what was acknowledged before is there again.
    ///
    /// # Errors
    /// Where the disk cannot be read, or holds files of another version.
    pub fn open(settings: Settings, disk: Arc<dyn Disk>, now: Timestamp) -> Result<Self, OpenError> {
        crate::recover::open(settings, disk, now)
    }

    pub(crate) fn empty(settings: Settings, disk: Arc<dyn Disk>, generation: u64, now: Timestamp) -> Self {
        let router = Router::new(settings.cores);
        // What the log holds may have been judged by any edge.
        let open = Arc::new(Generation::new(generation, &router, now, Timestamp::MIN));
        let view = View::new(open);
        Self {
            window: Window::new(settings.window, settings.ahead),
            settings,
            disk,
            is_in_memory: false,
            router,
            directory: Directory::new(),
            views: Views::new(view),
            log: None,
            counters: Counters::default(),
            upkeep: Mutex::default(),
            trouble: Trouble::default(),
            faults: Mutex::default(),
            wake: Wake::default(),
            changes: Changes::default(),
        }
    }

    /// Whether a batch waits until the disk has it.
    pub fn waits_for_disk(&self) -> bool {
        self.settings.durability == Durability::Fsync
    }

    pub fn ledger(&self) -> Ledger {
        self.counters.read()
    }
}
