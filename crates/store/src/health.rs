//! What the disk does not do at present, for operators.

use std::fmt::Display;
use std::io;

use platform::disk::is_full;
use sync::Mutex;
use sync::atomic::{AtomicBool, AtomicU64, Ordering};
use wal::LogError;

/// The state of the store's disk.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Health {
    /// Why batches are refused.
    pub log_trouble: Option<String>,
    /// Why segments cannot be written, or files cannot be removed. Memory or the disk fills up in the meantime.
    pub segment_trouble: Option<String>,
    /// Files that were found damaged since the start, and quarantined.
    pub damaged_files: u64,
    /// Bytes at the end of log files that were no complete batch when the store was opened.
    pub log_bytes_cut: u64,
}

/// Something that the disk has to do for the store.
struct Duty {
    /// What does not work and what that means; the error follows it in one line.
    failure: &'static str,
    recovery: &'static str,
    trouble: Mutex<Option<Trouble>>,
    /// How often trouble has begun. The first is logged, the second, the fourth, the eighth and so on: a disk on the verge
    /// of being full fails and works in turn, as often as clients want.
    begun: AtomicU64,
    /// Whether there is trouble. Batches read it without the lock.
    fails: AtomicBool,
}

/// A duty that is not done at present.
struct Trouble {
    /// Why it failed last, with `failure` in front.
    text: String,
    failures: u64,
    /// Whether the log says that it began. Then it says that it ends as well.
    is_logged: bool,
}

/// Collects errors from all threads. Trouble is logged when it begins and when it ends, not at each failure: clients and
/// a broken disk can repeat failures at will, each with another file's name.
pub(crate) struct HealthState {
    log: Duty,
    segment: Duty,
    removal: Duty,
    damaged: AtomicU64,
    log_bytes_cut: AtomicU64,
    /// Whether something could not be written for lack of space, and maintenance has not reacted yet.
    is_full: AtomicBool,
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
            log_bytes_cut: AtomicU64::new(0),
            is_full: AtomicBool::new(false),
        }
    }
}

impl HealthState {
    /// Notes that the log could not be written. Returns true if it could before.
    pub(crate) fn log_failed(&self, error: &LogError) -> bool {
        self.note_full(error.disk_error());
        self.log.failed(error)
    }

    /// Whether batches are refused because the log could not be written when it was tried last.
    pub(crate) fn does_log_fail(&self) -> bool {
        self.log.fails()
    }

    pub(crate) fn log_works(&self) {
        self.log.works();
    }

    /// Notes that a segment could not be written; `disk_error` is what the disk said, if it was the disk.
    pub(crate) fn segment_failed(&self, error: &dyn Display, disk_error: Option<&io::Error>) {
        self.note_full(disk_error);
        self.segment.failed(error);
    }

    pub(crate) fn do_segments_fail(&self) -> bool {
        self.segment.fails()
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

    fn note_full(&self, disk_error: Option<&io::Error>) {
        if disk_error.is_some_and(is_full) {
            self.is_full.store(true, Ordering::Relaxed);
        }
    }

    /// Returns whether something could not be written for lack of space since this was asked last.
    pub(crate) fn take_disk_full(&self) -> bool {
        self.is_full.swap(false, Ordering::Relaxed)
    }

    pub(crate) fn found_damage(&self, file: &str, damage: &dyn Display) {
        tracing::error!(file, %damage, "a file is damaged; it is kept as FILE.damaged, and the rest of the data is served");
        self.damaged.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes a file that cannot be used and keeps its name.
    pub(crate) fn found_unusable(&self, file: &str, reason: &dyn Display) {
        tracing::error!(file, %reason, "a file in the data directory is not used: it is damaged, or not the store's; it is left alone, and the rest of the data is served");
        self.damaged.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that a log file ends in bytes that are no complete frame.
    pub(crate) fn cut_log(&self, file: &str, offset: u64, bytes: u64) {
        tracing::warn!(
            file,
            offset,
            bytes,
            "the end of a log file was cut off: these bytes are no complete batch. A batch that was being written when the process ended was not acknowledged; with durability os, a power cut also takes acknowledged ones"
        );
        self.log_bytes_cut.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn damaged_files(&self) -> u64 {
        self.damaged.load(Ordering::Relaxed)
    }

    pub(crate) fn read(&self) -> Health {
        Health {
            log_trouble: self.log.trouble(),
            segment_trouble: self.segment.trouble().or_else(|| self.removal.trouble()),
            damaged_files: self.damaged_files(),
            log_bytes_cut: self.log_bytes_cut.load(Ordering::Relaxed),
        }
    }
}

impl Duty {
    fn new(failure: &'static str, recovery: &'static str) -> Self {
        Self {
            failure,
            recovery,
            trouble: Mutex::new(None),
            begun: AtomicU64::new(0),
            fails: AtomicBool::new(false),
        }
    }

    /// Returns true if it worked before.
    fn failed(&self, error: &dyn Display) -> bool {
        let text = format!("{}: {error}", self.failure);
        let mut trouble = self.trouble.lock();
        if let Some(trouble) = &mut *trouble {
            trouble.text = text;
            trouble.failures += 1;
            return false;
        }
        let begun = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        let is_logged = begun.is_power_of_two();
        *trouble = Some(Trouble { text: text.clone(), failures: 1, is_logged });
        self.fails.store(true, Ordering::Release);
        // Order: a log line is I/O, and no batch may wait for it.
        drop(trouble);
        if is_logged {
            tracing::error!(
                times = begun,
                "{text}; until it works again, /health has the latest error and the log no more lines"
            );
        }
        true
    }

    fn works(&self) {
        if !self.fails() {
            return;
        }
        let mut trouble = self.trouble.lock();
        self.fails.store(false, Ordering::Release);
        let ended = trouble.take();
        drop(trouble);
        if let Some(Trouble { failures, is_logged: true, .. }) = ended {
            tracing::info!(failures, "{}", self.recovery);
        }
    }

    fn fails(&self) -> bool {
        self.fails.load(Ordering::Acquire)
    }

    fn trouble(&self) -> Option<String> {
        self.trouble.lock().as_ref().map(|trouble| trouble.text.clone())
    }
}
