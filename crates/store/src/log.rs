//! The log of the spans that are in no segment yet.
//!
//! The upper half of a file's number is a generation. That generation has all spans of the file, and no others have
//! any: a freeze waits for batches that are being inserted. So the files of a sealed generation can be removed, and a
//! start reads exactly the others.

use std::sync::{Arc, OnceLock};

use record::{WindowStart, write_batch};
use wal::{Appended, Log, LogError};

use crate::error::Overload;
use crate::health::HealthState;
use crate::signal::Signal;

/// Returns the number of the first log file of a generation.
pub(crate) const fn first_file_of(generation: u64) -> u64 {
    generation << u32::BITS
}

/// Returns the generation of a log file.
pub(crate) const fn generation_of(file_number: u64) -> u64 {
    file_number >> u32::BITS
}

pub(crate) struct SpanLog {
    /// Empty until a start has read the old files, and always empty if durability is `memory`.
    log: OnceLock<Log>,
    health: Arc<HealthState>,
    signal: Arc<Signal>,
}

impl SpanLog {
    pub(crate) fn new(health: &Arc<HealthState>, signal: &Arc<Signal>) -> Self {
        Self { log: OnceLock::new(), health: Arc::clone(health), signal: Arc::clone(signal) }
    }

    /// Starts logging batches. `start` is where the window begins now. If the log cannot be written, batches are refused
    /// until it can.
    pub(crate) fn start(&self, log: Log, start: WindowStart) {
        let log = self.log.get_or_init(|| log);
        match log.rotate() {
            Ok(_) => {
                self.append_start(log, start);
            }
            Err(error) => self.failed(&error),
        }
    }

    /// Logs a batch. Returns `None` if there is no log.
    pub(crate) fn append(&self, payload: &[u8]) -> Result<Option<Appended>, Overload> {
        let Some(log) = self.log.get() else { return Ok(None) };
        match log.append(payload) {
            Ok(appended) => {
                self.health.log_works();
                Ok(Some(appended))
            }
            Err(error) => {
                self.failed(&error);
                Err(Overload::Log(error))
            }
        }
    }

    /// Makes later batches go to files of this generation, where they wait until the generation is open. Returns when
    /// the batches in earlier files are in the generation before.
    pub(crate) fn turn_to(&self, generation: u64, start: WindowStart) {
        let Some(log) = self.log.get() else { return };
        let first = first_file_of(generation);
        match log.rotate_to(first) {
            Ok(_) => {
                self.append_start(log, start);
            }
            // No batch can be logged now. The next one that can be logged goes to such a file.
            Err(error) => self.failed(&error),
        }
        log.wait_until_unused(first);
    }

    /// Whether the log could not be written when it was tried last.
    pub(crate) fn fails(&self) -> bool {
        self.health.does_log_fail()
    }

    /// Logs where the window begins. Returns true if a start will know the floor, so that it shows no spans again that
    /// were evicted because space was short.
    pub(crate) fn note_start(&self, start: WindowStart) -> bool {
        self.log.get().is_none_or(|log| self.append_start(log, start))
    }

    /// Writes a frame that has no spans, only where the window begins. Every file begins with one.
    fn append_start(&self, log: &Log, start: WindowStart) -> bool {
        let mut payload = Vec::new();
        write_batch(&mut payload, start, &[]);
        let appended = log.append(&payload);
        match &appended {
            Ok(_) => self.health.log_works(),
            Err(error) => self.failed(error),
        }
        appended.is_ok()
    }

    /// Notes an error, and wakes the maintenance when it is the first: perhaps it can make space.
    fn failed(&self, error: &LogError) {
        if self.health.log_failed(error) {
            self.signal.call();
        }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.log.get().map_or(0, Log::bytes)
    }

    /// Returns the numbers of the files that take no more frames.
    pub(crate) fn closed_files(&self) -> Vec<u64> {
        self.log.get().map(Log::closed_files).unwrap_or_default()
    }

    pub(crate) fn remove(&self, file_number: u64) -> Result<(), LogError> {
        self.log.get().map_or(Ok(()), |log| log.remove(file_number))
    }
}
