//! The handle.

use hot::Hot;
use parking_lot::Mutex;

use crate::ledger::{Counters, Ledger};
use crate::settings::Settings;
use crate::window::{Window, nanos};

/// Limit: how much of the window one chunk of memory covers at most; memory goes back in such steps.
const CHUNK_WINDOW_PARTS: i64 = 32;

/// A rolling window of spans. Shared by reference between threads.
pub struct Store {
    pub(crate) settings: Settings,
    pub(crate) window: Window,
    pub(crate) hot: Hot,
    pub(crate) counters: Counters,
    /// Held by the one thread that makes room.
    pub(crate) shedding: Mutex<()>,
}

impl Store {
    pub fn new(settings: Settings) -> Self {
        let window = Window::new(settings.window, settings.ahead);
        let hot = Hot::new(settings.cores, nanos(settings.window) / CHUNK_WINDOW_PARTS);
        Self { settings, window, hot, counters: Counters::default(), shedding: Mutex::new(()) }
    }

    pub fn ledger(&self) -> Ledger {
        self.counters.read()
    }
}
