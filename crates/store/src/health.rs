//! Current errors of the store, for operators.

use std::fmt::Display;
use sync::atomic::{AtomicU64, Ordering};

use sync::Mutex;

/// The state of the store's disk.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Health {
    /// Why batches are refused.
    pub log_trouble: Option<String>,
    /// Why segments cannot be written, or files cannot be removed. Memory or the disk fills up in the meantime.
    pub segment_trouble: Option<String>,
    /// Files that were found damaged since the start, and quarantined.
    pub damaged_files: u64,
}

/// Collects errors from all threads. An error is logged when it begins and when it ends, not each time.
#[derive(Default)]
pub(crate) struct HealthState {
    log: Mutex<Option<String>>,
    segment: Mutex<Option<String>>,
    removal: Mutex<Option<String>>,
    damaged: AtomicU64,
}

impl HealthState {
    pub(crate) fn log_failed(&self, error: &dyn Display) {
        begin(&self.log, error);
    }

    pub(crate) fn log_works(&self) {
        // Called for every batch. Taking a lock without contention is cheap.
        end(&self.log);
    }

    pub(crate) fn segment_failed(&self, error: &dyn Display) {
        begin(&self.segment, error);
    }

    pub(crate) fn segments_work(&self) {
        end(&self.segment);
    }

    pub(crate) fn removal_failed(&self, error: &dyn Display) {
        begin(&self.removal, error);
    }

    pub(crate) fn removals_work(&self) {
        end(&self.removal);
    }

    pub(crate) fn found_damage(&self, file: &str, damage: &dyn Display) {
        tracing::error!(file, %damage, "a damaged file was quarantined");
        self.damaged.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Health {
        Health {
            log_trouble: self.log.lock().clone(),
            segment_trouble: self.segment.lock().clone().or_else(|| self.removal.lock().clone()),
            damaged_files: self.damaged.load(Ordering::Relaxed),
        }
    }
}

fn begin(trouble: &Mutex<Option<String>>, error: &dyn Display) {
    let text = error.to_string();
    let mut trouble = trouble.lock();
    if trouble.as_ref() != Some(&text) {
        tracing::error!(error = %text, "the disk fails");
        *trouble = Some(text);
    }
}

fn end(trouble: &Mutex<Option<String>>) {
    if trouble.lock().take().is_some() {
        tracing::info!("the disk works again");
    }
}
