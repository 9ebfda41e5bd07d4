//! Freezes the open generation, and opens the next one.

use std::sync::Arc;
use std::time::Duration;

use hot::Generation;
use span::Timestamp;

use crate::catalog::Catalog;
use crate::disk_space::DiskSpace;
use crate::log::SpanLog;
use crate::nanos::nanos;
use crate::settings::Settings;
use crate::window::Window;

pub(crate) struct Freezer {
    catalog: Arc<Catalog>,
    window: Arc<Window>,
    log: Arc<SpanLog>,
    space: Arc<DiskSpace>,
    age_max: Duration,
}

impl Freezer {
    pub(crate) fn new(
        settings: &Settings,
        catalog: &Arc<Catalog>,
        window: &Arc<Window>,
        log: &Arc<SpanLog>,
        space: &Arc<DiskSpace>,
    ) -> Self {
        Self {
            catalog: Arc::clone(catalog),
            window: Arc::clone(window),
            log: Arc::clone(log),
            space: Arc::clone(space),
            age_max: settings.generation_age_max(),
        }
    }

    /// Freezes the open generation if it has spans.
    pub(super) fn freeze(&self, now: Timestamp) {
        let open = self.open();
        // An empty generation is replaced if it is old: no segment may be evicted that could have the first copy of
        // one of its spans.
        if open.spans() > 0 || open.oldest_cutoff() < self.window.oldest_cutoff() {
            self.open_generation(open.number() + 1, now);
        }
    }

    /// Freezes the open generation if it is large, or covers its part of the window.
    pub(super) fn freeze_if_due(&self, now: Timestamp) {
        let open = self.open();
        // Segments that the clock has brought back into the window stay while a generation may have duplicates of their
        // spans, and the log has to have the floor that came down with the clock.
        if open.oldest_cutoff() > self.window.oldest_cutoff() {
            self.open_generation(open.number() + 1, now);
            return;
        }
        let is_old = now >= open.opened_at().saturating_add(nanos(self.age_max));
        if self.is_large(&open) || (is_old && open.spans() > 0) {
            self.freeze(now);
        }
    }

    /// Freezes the open generation if it is large. Called during long work, when it would keep growing and make the
    /// next seal longer.
    pub(super) fn freeze_if_large(&self) {
        let open = self.open();
        if self.is_large(&open) {
            // There is no clock here. The earlier time only makes the next freeze due a little early.
            self.open_generation(open.number() + 1, open.opened_at());
        }
    }

    /// Freezes the open generation, even if it is empty, and opens the one with this number.
    pub(crate) fn open_generation(&self, number: u64, now: Timestamp) {
        // Order: the log first. A batch in a log file of the next generation waits until that generation is open. In
        // the reverse order a batch could be in a log file of one generation and in the memory of the next.
        self.log.turn_to(number, self.window.latest_start());
        let next = Generation::new(number, self.catalog.router(), now, self.window.oldest_cutoff());
        self.catalog.views().change(|view| Some(view.with_open(next)));
    }

    /// Returns the cutoff of this moment.
    pub(super) fn cutoff(&self) -> Timestamp {
        self.window.latest_start().cutoff
    }

    fn open(&self) -> Arc<Generation> {
        Arc::clone(self.catalog.views().current().open())
    }

    fn is_large(&self, open: &Generation) -> bool {
        open.bytes() >= self.space.generation_bytes_max()
    }
}
