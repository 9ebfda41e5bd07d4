//! The open generation is closed for writing, and a new one opened.

use std::sync::Arc;

use hot::Generation;
use span::Timestamp;

use super::Upkeep;
use crate::store::Store;
use crate::view::View;
use crate::window::nanos;

impl Store {
    /// Freezes the open generation if it has spans: it waits to be sealed then.
    pub fn freeze(&self, now: Timestamp) {
        self.freeze_with(&mut self.upkeep.lock(), now);
    }

    pub(super) fn is_freeze_due(&self, now: Timestamp) -> bool {
        let open = self.views.open();
        let age_max = nanos(self.settings.generation_age_max());
        open.bytes() >= self.settings.generation_bytes_max()
            || (now >= open.opened_at().saturating_add(age_max) && open.spans() > 0)
    }

    pub(super) fn freeze_with(&self, _upkeep: &mut Upkeep, now: Timestamp) {
        let open = self.views.open();
        if open.spans() == 0 && open.bytes() < self.settings.generation_bytes_max() {
            return;
        }
        // The file may be cut anywhere: which generation needs it follows from when its last batch came in.
        if let Some(log) = &self.log
            && let Err(error) = log.rotate()
        {
            self.trouble.log_failed(&error);
        }
        let next = Generation::new(open.number() + 1, &self.router, 0, now);
        self.views.change(|view| {
            let mut frozen = view.frozen.clone();
            frozen.push(Arc::clone(&view.open));
            View { open: Arc::new(next), frozen, ..view.clone() }
        });
    }
}
