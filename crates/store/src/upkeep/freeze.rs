//! The open generation is closed for writing, and a new one opened.

use std::sync::Arc;

use hot::Generation;
use record::write_batch;
use span::Timestamp;
use wal::Log;

use super::Upkeep;
use super::logs::log_number;
use crate::store::Store;
use crate::view::View;
use crate::window::nanos;

impl Store {
    /// Freezes the open generation if it has spans: it waits to be sealed then.
    pub fn freeze(&self, now: Timestamp) {
        self.freeze_with(&mut self.upkeep.lock(), now);
    }

    /// Freezes the open generation if it is large, in the middle of something long. Otherwise it would grow meanwhile,
    /// and with it what the next seal takes.
    pub(super) fn freeze_large(&self) {
        let open = self.views.open();
        if open.bytes() >= self.settings.generation_bytes_max() {
            // No clock is at hand. An earlier time makes the next one due a little early, and nothing else.
            self.open_generation(open.number() + 1, open.opened_at());
        }
    }

    pub(super) fn is_freeze_due(&self, now: Timestamp) -> bool {
        let open = self.views.open();
        let age_max = nanos(self.settings.generation_age_max());
        open.bytes() >= self.settings.generation_bytes_max()
            || (now >= open.opened_at().saturating_add(age_max) && open.spans() > 0)
    }

    pub(super) fn freeze_with(&self, _upkeep: &mut Upkeep, now: Timestamp) {
        let open = self.views.open();
        // An empty one, too, holds the eviction up to where it was opened.
        if open.spans() > 0 || open.oldest_cutoff() < self.window.oldest_cutoff() {
            self.open_generation(open.number() + 1, now);
        }
    }

    /// Freezes the open generation, whatever it has, and opens the one with this number.
    pub(crate) fn open_generation(&self, number: u64, now: Timestamp) {
        if let Some(log) = &self.log {
            self.turn_to_log(log, number);
        }
        let next = Generation::new(number, &self.router, now, self.window.oldest_cutoff());
        self.views.change(|view| {
            let mut frozen = view.frozen.clone();
            frozen.push(Arc::clone(&view.open));
            View { open: Arc::new(next), frozen, ..view.clone() }
        });
    }

    /// From here on batches go to files of the next generation, and wait until it is open; those that are in
    /// the files before come into the one that is open now.
    fn turn_to_log(&self, log: &Log, generation: u64) {
        match log.rotate_to(log_number(generation)) {
            Ok(_) => self.begin_file(log),
            // No batch can be taken now; when it can, it goes to such a file.
            Err(error) => self.trouble.log_failed(&error),
        }
        log.wait_until_unused(log_number(generation));
    }

    /// The first frame of a file has no spans, but the edge of the window: a start must not show again what
    /// has left for want of room.
    pub(crate) fn begin_file(&self, log: &Log) {
        let mut payload = Vec::new();
        write_batch(&mut payload, self.window.edge(), &[]);
        if let Err(error) = log.append(&payload) {
            self.trouble.log_failed(&error);
        }
    }
}
