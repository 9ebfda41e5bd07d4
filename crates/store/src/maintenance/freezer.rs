//! Closes the open generation for writing, and opens the next one.

use std::sync::Arc;
use std::time::Duration;

use hot::Generation;
use span::Timestamp;

use crate::catalog::Catalog;
use crate::log::SpanLog;
use crate::settings::Settings;
use crate::window::{Window, nanos};

pub(crate) struct Freezer {
    catalog: Arc<Catalog>,
    window: Arc<Window>,
    log: Arc<SpanLog>,
    bytes_max: usize,
    age_max: Duration,
}

impl Freezer {
    pub(crate) fn new(
        settings: &Settings,
        catalog: &Arc<Catalog>,
        window: &Arc<Window>,
        log: &Arc<SpanLog>,
    ) -> Self {
        Self {
            catalog: Arc::clone(catalog),
            window: Arc::clone(window),
            log: Arc::clone(log),
            bytes_max: settings.generation_bytes_max(),
            age_max: settings.generation_age_max(),
        }
    }

    /// Freezes the open generation if it has spans.
    pub(super) fn freeze(&self, now: Timestamp) {
        let open = self.open();
        // An empty one is replaced, too, when it is old: no segment is evicted that a span of it could still see.
        if open.spans() > 0 || open.oldest_cutoff() < self.window.oldest_cutoff() {
            self.open_generation(open.number() + 1, now);
        }
    }

    /// Freezes the open generation if it is large, or has covered its part of the window.
    pub(super) fn freeze_if_due(&self, now: Timestamp) {
        let open = self.open();
        let is_old = now >= open.opened_at().saturating_add(nanos(self.age_max));
        if self.is_large(&open) || (is_old && open.spans() > 0) {
            self.freeze(now);
        }
    }

    /// Freezes the open generation if it is large, during something long. It would grow meanwhile, and with it what the
    /// next seal takes.
    pub(super) fn freeze_if_large(&self) {
        let open = self.open();
        if self.is_large(&open) {
            // There is no clock here. An earlier time makes the next freeze due a little early, and nothing else.
            self.open_generation(open.number() + 1, open.opened_at());
        }
    }

    /// Freezes the open generation, whatever it has, and opens the one with this number.
    pub(crate) fn open_generation(&self, number: u64, now: Timestamp) {
        // Order: the log first. A batch in a file of the next generation waits until it is open; the other way round, a
        // batch could be in a file of the generation before and in memory in the next.
        self.log.turn_to(number, self.window.latest_cutoff());
        let next = Generation::new(number, self.catalog.router(), now, self.window.oldest_cutoff());
        self.catalog.views().change(|view| Some(view.with_open(next)));
    }

    fn open(&self) -> Arc<Generation> {
        Arc::clone(self.catalog.views().current().open())
    }

    fn is_large(&self, open: &Generation) -> bool {
        open.bytes() >= self.bytes_max
    }
}
