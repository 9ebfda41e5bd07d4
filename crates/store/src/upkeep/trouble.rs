//! What does not work at the moment, for people to see.

use std::fmt::Display;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

/// Why the store does not do all that it should.
#[derive(Default)]
pub(crate) struct Trouble {
    log: Mutex<Option<String>>,
    segment: Mutex<Option<String>>,
    removal: Mutex<Option<String>>,
    damaged: AtomicU64,
}

/// How the store's disk is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Health {
    /// Batches are refused, and why.
    pub log_trouble: Option<String>,
    /// Segments cannot be written, or files not be removed, and why: memory or the disk fills up.
    pub segment_trouble: Option<String>,
    /// Files that were found damaged since the start and set aside.
    pub damaged_files: u64,
}

fn note(trouble: &Mutex<Option<String>>, error: &dyn Display) {
    let text = error.to_string();
    let mut trouble = trouble.lock();
    if trouble.as_ref() != Some(&text) {
        tracing::error!(error = %text, "the disk fails");
        *trouble = Some(text);
    }
}

fn clear(trouble: &Mutex<Option<String>>) {
    if trouble.lock().take().is_some() {
        tracing::info!("the disk works again");
    }
}

impl Trouble {
    pub(crate) fn log_failed(&self, error: &dyn Display) {
        note(&self.log, error);
    }

    pub(crate) fn log_is_well(&self) {
        // Looked at for every batch: a lock that nobody holds is cheap.
        clear(&self.log);
    }

    pub(crate) fn segment_failed(&self, error: &dyn Display) {
        note(&self.segment, error);
    }

    pub(crate) fn segments_are_well(&self) {
        clear(&self.segment);
    }

    pub(crate) fn removal_failed(&self, error: &dyn Display) {
        note(&self.removal, error);
    }

    pub(crate) fn removals_are_well(&self) {
        clear(&self.removal);
    }

    pub(crate) fn found_damage(&self, file: &str, damage: &dyn Display) {
        tracing::error!(file, %damage, "a file is damaged and was set aside");
        self.damaged.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn health(&self) -> Health {
        Health {
            log_trouble: self.log.lock().clone(),
            segment_trouble: self.segment.lock().clone().or_else(|| self.removal.lock().clone()),
            damaged_files: self.damaged.load(Ordering::Relaxed),
        }
    }
}
