//! The table of the files that this log has created.

use std::collections::BTreeMap;

use platform::disk::AppendFile;

use super::error::LogError;
use super::file_use::FileUse;
use super::writer::FileEvent;

#[derive(Default)]
pub(super) struct Files {
    by_number: BTreeMap<u64, LogFile>,
    /// The file that takes frames; `None` after a failure.
    pub(super) current: Option<u64>,
}

pub(super) struct LogFile {
    file_use: FileUse,
    bytes: u64,
    unsynced: Option<Box<dyn AppendFile>>,
    /// The first failed sync of the file. Kept as long as the file exists, so that no later sync reports it as
    /// durable.
    sync_error: Option<LogError>,
}

impl Files {
    pub(super) fn apply(&mut self, event: FileEvent) {
        match event {
            FileEvent::Begun(file_use) => {
                let number = *file_use;
                let file = LogFile { file_use, bytes: 0, unsynced: None, sync_error: None };
                self.by_number.insert(number, file);
            }
            FileEvent::Grown { number, bytes } => self.change(number, |file| file.bytes += bytes as u64),
            FileEvent::Left { number, unsynced } => self.change(number, |file| file.unsynced = unsynced),
            FileEvent::SyncFailed { number, error } => {
                self.change(number, |file| file.sync_error = Some(error));
            }
        }
    }

    /// Calls `change` with a file, unless it was removed.
    fn change(&mut self, number: u64, change: impl FnOnce(&mut LogFile)) {
        if let Some(file) = self.by_number.get_mut(&number) {
            change(file);
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.by_number.values().map(|file| file.bytes).sum()
    }

    pub(super) fn newest(&self) -> u64 {
        self.by_number.last_key_value().map_or(0, |(number, _)| *number)
    }

    pub(super) fn closed(&self) -> Vec<u64> {
        self.by_number.keys().copied().filter(|number| self.is_closed(*number)).collect()
    }

    fn is_closed(&self, number: u64) -> bool {
        let is_unused = |file: &LogFile| file.file_use.is_only();
        self.current != Some(number) && self.by_number.get(&number).is_some_and(is_unused)
    }

    /// Whether a file whose number is less than `below` is in use.
    pub(super) fn are_used(&self, below: u64) -> bool {
        self.by_number.range(..below).any(|(number, _)| !self.is_closed(*number))
    }

    /// Removes a closed file from the table and returns it. The file on the disk stays.
    pub(super) fn take(&mut self, number: u64) -> Result<LogFile, LogError> {
        if self.by_number.contains_key(&number) && !self.is_closed(number) {
            return Err(LogError::InUse { number });
        }
        self.by_number.remove(&number).ok_or(LogError::UnknownFile { number })
    }

    pub(super) fn put_back(&mut self, file: LogFile) {
        self.by_number.insert(*file.file_use, file);
    }

    /// Takes the files that get no more frames and are not synced yet.
    pub(super) fn take_unsynced(&mut self) -> Vec<(u64, Box<dyn AppendFile>)> {
        let files = self.by_number.iter_mut();
        files.filter_map(|(number, file)| Some((*number, file.unsynced.take()?))).collect()
    }

    pub(super) fn check_synced(&self) -> Result<(), LogError> {
        self.by_number.values().find_map(|file| file.sync_error.clone()).map_or(Ok(()), Err)
    }
}
