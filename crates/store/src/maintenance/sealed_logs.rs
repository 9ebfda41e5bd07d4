//! Removes the log files of sealed generations.

use std::io;
use std::sync::Arc;

use hot::Generation;
use span::Timestamp;

use super::segment_files::SegmentFiles;
use crate::disk_space::{DiskSpace, OtherFiles};
use crate::health::HealthState;
use crate::log::{SpanLog, generation_of};
use crate::quarantine::DamagedFiles;
use crate::view::View;

/// A log file that was read at the start.
pub(crate) struct ReplayedFile {
    pub(crate) number: u64,
    pub(crate) bytes: u64,
    pub(crate) is_damaged: bool,
}

pub(crate) struct SealedLogs {
    log: Arc<SpanLog>,
    health: Arc<HealthState>,
    space: Arc<DiskSpace>,
    damaged: Arc<DamagedFiles>,
    replayed: Vec<ReplayedFile>,
    /// The oldest cutoff of a sealed generation whose log files may still exist at a start.
    oldest_cutoff: Option<Timestamp>,
}

impl SealedLogs {
    pub(crate) fn new(
        log: &Arc<SpanLog>,
        health: &Arc<HealthState>,
        space: &Arc<DiskSpace>,
        damaged: &Arc<DamagedFiles>,
    ) -> Self {
        Self {
            log: Arc::clone(log),
            health: Arc::clone(health),
            space: Arc::clone(space),
            damaged: Arc::clone(damaged),
            replayed: Vec::new(),
            oldest_cutoff: None,
        }
    }

    /// Adds a log file of an earlier process, which is removed when its generation is sealed.
    pub(super) fn add_replayed(&mut self, file: ReplayedFile) {
        self.space.add(OtherFiles::Replayed, file.bytes);
        self.replayed.push(file);
    }

    /// Notes that a generation was sealed: its log files are no longer needed.
    pub(super) fn note_sealed(&mut self, generation: &Generation) {
        self.oldest_cutoff.get_or_insert(generation.oldest_cutoff());
    }

    /// Whether all log files of sealed generations are durably removed.
    pub(super) fn are_removed(&self) -> bool {
        self.oldest_cutoff.is_none()
    }

    /// Returns the time before which spans may be evicted. A start checks the spans of the log against the cutoffs of
    /// their arrival, and has to find the same duplicates. So all spans that were inside these cutoffs must still
    /// exist.
    pub(super) fn evictable_before(&self, view: &View) -> Timestamp {
        let unsealed = view.oldest_unsealed().oldest_cutoff();
        self.oldest_cutoff.map_or(unsealed, |sealed| sealed.min(unsealed))
    }

    /// Removes the log files of generations that are sealed in this view.
    ///
    /// Order: before the spans are evicted that theirs could be duplicates of. Otherwise a start could read such a
    /// file again, because it finds no segment of its generation: the generation had only duplicates, or all of it
    /// was evicted.
    pub(super) fn remove(&mut self, view: &View, files: &mut SegmentFiles) {
        match self.try_remove(view.oldest_unsealed().number(), files) {
            Ok(()) => self.oldest_cutoff = None,
            Err(error) => {
                self.health.removal_failed(&error);
            }
        }
    }

    /// Fails if a file still exists, or could come back after a power cut. It tries to remove all of them.
    fn try_remove(&mut self, unsealed: u64, files: &mut SegmentFiles) -> io::Result<()> {
        let is_needed = |file: u64| generation_of(file) >= unsealed;
        let mut result = Ok(());
        for file in self.log.closed_files().into_iter().filter(|&file| !is_needed(file)) {
            files.note_removal();
            result = result.and(self.log.remove(file).map_err(io::Error::other));
        }
        for file in std::mem::take(&mut self.replayed) {
            let removed =
                if is_needed(file.number) { None } else { Some(self.remove_replayed(&file, files)) };
            if matches!(removed, Some(Ok(()))) {
                self.space.remove(OtherFiles::Replayed, file.bytes);
            } else {
                self.replayed.push(file);
            }
            result = result.and(removed.unwrap_or(Ok(())));
        }
        result.and_then(|()| files.sync_removals())
    }

    /// A damaged file is renamed and kept.
    fn remove_replayed(&self, file: &ReplayedFile, files: &mut SegmentFiles) -> io::Result<()> {
        let name = wal::file_name(file.number);
        files.note_removal();
        let removed =
            if file.is_damaged { self.damaged.keep(&name, file.bytes) } else { files.disk().remove(&name) };
        removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
    }
}
