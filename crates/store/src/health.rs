//! What the disk does not do at present, for operators.

use std::fmt::Display;

use sync::Mutex;
use sync::atomic::{AtomicBool, AtomicU64, Ordering};

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

/// Something that the disk has to do for the store.
struct Duty {
    /// What does not work and what that means; the error follows it in one line.
    failure: &'static str,
    recovery: &'static str,
    /// Why it fails at present, with `failure` in front.
    trouble: Mutex<Option<String>>,
    /// Whether there is trouble. Batches read it without the lock.
    fails: AtomicBool,
}

/// Collects errors from all threads. An error is logged when it begins and when it ends, not each time.
pub(crate) struct HealthState {
    log: Duty,
    segment: Duty,
    removal: Duty,
    damaged: AtomicU64,
}

impl Default for HealthState {
    fn default() -> Self {
        Self {
            log: Duty::new(
                "batches are refused: the log cannot be written",
                "the log can be written again: batches are accepted",
            ),
            segment: Duty::new(
                "spans stay in memory and in the log: a segment cannot be written",
                "segments can be written again",
            ),
            removal: Duty::new(
                "files that are no longer needed stay on the disk: they cannot be removed",
                "files can be removed again",
            ),
            damaged: AtomicU64::new(0),
        }
    }
}

impl HealthState {
    pub(crate) fn log_failed(&self, error: &dyn Display) {
        self.log.failed(error);
    }

    pub(crate) fn log_works(&self) {
        self.log.works();
    }

    pub(crate) fn segment_failed(&self, error: &dyn Display) {
        self.segment.failed(error);
    }

    pub(crate) fn segments_work(&self) {
        self.segment.works();
    }

    pub(crate) fn removal_failed(&self, error: &dyn Display) {
        self.removal.failed(error);
    }

    pub(crate) fn removals_work(&self) {
        self.removal.works();
    }

    pub(crate) fn found_damage(&self, file: &str, damage: &dyn Display) {
        tracing::error!(file, %damage, "a file is damaged; it is kept as FILE.damaged, and the rest of the data is served");
        self.damaged.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn damaged_files(&self) -> u64 {
        self.damaged.load(Ordering::Relaxed)
    }

    pub(crate) fn read(&self) -> Health {
        Health {
            log_trouble: self.log.trouble(),
            segment_trouble: self.segment.trouble().or_else(|| self.removal.trouble()),
            damaged_files: self.damaged_files(),
        }
    }
}

impl Duty {
    fn new(failure: &'static str, recovery: &'static str) -> Self {
        Self { failure, recovery, trouble: Mutex::new(None), fails: AtomicBool::new(false) }
    }

    fn failed(&self, error: &dyn Display) {
        let text = format!("{}: {error}", self.failure);
        let mut trouble = self.trouble.lock();
        if trouble.as_ref() == Some(&text) {
            return;
        }
        *trouble = Some(text.clone());
        self.fails.store(true, Ordering::Release);
        // Order: a log line is I/O, and no batch may wait for it.
        drop(trouble);
        tracing::error!("{text}");
    }

    fn works(&self) {
        if !self.fails.load(Ordering::Acquire) {
            return;
        }
        let mut trouble = self.trouble.lock();
        self.fails.store(false, Ordering::Release);
        let has_ended = trouble.take().is_some();
        drop(trouble);
        if has_ended {
            tracing::info!("{}", self.recovery);
        }
    }

    fn trouble(&self) -> Option<String> {
        self.trouble.lock().clone()
    }
}
