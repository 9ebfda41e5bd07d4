//! The data folder as a start finds it: which files are the store's, and what a start does with those that it cannot
//! use.
//!
//! A start reads what can be read, also from a folder that nobody can write to: what it cannot remove or rename it
//! leaves to maintenance.

use std::fmt::Display;
use std::sync::Arc;

use platform::disk::{Disk, FileBytes, FileEntry};
use segment::Generations;

use crate::error::OpenError;
use crate::log::generation_of;
use crate::maintenance::{RESERVE, finished_name};
use crate::quarantine::{damaged_name, name_before_damage};

/// Limit: the number of a generation. The store gets nowhere near it, so a file with such a number is not the store's.
const GENERATIONS_MAX: u64 = (u32::MAX / 2) as u64;
/// Limit: names in one line of the log.
const NAMED_MAX: usize = 8;

/// A file that a start found damaged.
pub(super) struct FoundDamage {
    pub(super) name: String,
    pub(super) reason: String,
    /// What was done with the file.
    pub(super) fate: Fate,
}

/// What becomes of a file that cannot be used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It got another name.
    Renamed,
    /// It keeps its name: it is perhaps somebody else's file, or the folder cannot be written.
    LeftAlone,
}

pub(super) struct Folder {
    disk: Arc<dyn Disk>,
    entries: Vec<FileEntry>,
    found_damage: Vec<FoundDamage>,
    /// Files that are not needed and could not be removed.
    leftovers: Vec<String>,
}

impl Folder {
    /// Lists the folder, and removes files that were not finished.
    pub(super) fn list(disk: &Arc<dyn Disk>) -> Result<Self, OpenError> {
        let mut entries = disk.list()?;
        entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        let mut folder = Self {
            disk: Arc::clone(disk),
            entries: Vec::new(),
            found_damage: Vec::new(),
            leftovers: Vec::new(),
        };
        let (ours, foreign): (Vec<_>, Vec<_>) = entries.into_iter().partition(is_ours);
        report_foreign(&foreign);
        for entry in ours {
            if finished_name(&entry.name).is_some() {
                folder.remove(&entry.name);
            } else {
                folder.entries.push(entry);
            }
        }
        Ok(folder)
    }

    /// Returns the log files with their numbers, in the order of these.
    pub(super) fn logs(&self) -> Vec<(FileEntry, u64)> {
        let number = |entry: &FileEntry| Some((entry.clone(), wal::number_of(&entry.name)?));
        self.entries.iter().filter_map(number).collect()
    }

    /// Returns the segments with their generations.
    pub(super) fn segments(&self) -> Vec<(FileEntry, Generations)> {
        let generations = |entry: &FileEntry| Some((entry.clone(), segment::generations_of(&entry.name)?));
        self.entries.iter().filter_map(generations).collect()
    }

    /// Returns the last generation that any segment's name has, damaged ones included. A new segment with such a name
    /// would replace the file that is kept.
    pub(super) fn last_generation(&self) -> u64 {
        let names = self.entries.iter().map(|entry| name_before_damage(&entry.name).unwrap_or(&entry.name));
        names.filter_map(segment::generations_of).map(|generations| generations.last).max().unwrap_or(0)
    }

    pub(super) fn reserve(&self) -> Option<&FileEntry> {
        self.entries.iter().find(|entry| entry.name == RESERVE)
    }

    /// Opens a file. Returns `None` for one that the disk cannot read; it is noted as damaged.
    pub(super) fn open(&mut self, name: &str) -> Result<Option<FileBytes>, OpenError> {
        match self.disk.open(name) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_of_device(&error) => {
                self.quarantine(name, &error);
                Ok(None)
            }
            Err(source) => Err(OpenError::File { file: name.to_owned(), source }),
        }
    }

    /// Removes a file that is not needed.
    pub(super) fn remove(&mut self, name: &str) {
        if self.disk.remove(name).is_err() {
            self.leftovers.push(name.to_owned());
        }
    }

    /// Renames a damaged file, and keeps it under that name.
    pub(super) fn quarantine(&mut self, name: &str, reason: &dyn Display) {
        let renamed = self.disk.rename(name, &damaged_name(name));
        let fate = if renamed.is_ok() { Fate::Renamed } else { Fate::LeftAlone };
        if renamed.is_ok()
            && let Some(entry) = self.entries.iter_mut().find(|entry| entry.name == name)
        {
            entry.name = damaged_name(name);
        }
        self.found_damage.push(FoundDamage { name: name.to_owned(), reason: reason.to_string(), fate });
    }

    /// Leaves a file where it is that is probably somebody else's.
    pub(super) fn leave_alone(&mut self, name: &str, reason: &dyn Display) {
        let reason = reason.to_string();
        self.found_damage.push(FoundDamage { name: name.to_owned(), reason, fate: Fate::LeftAlone });
    }

    /// Makes what was removed and renamed durable. Returns false if that is left to maintenance.
    pub(super) fn sync(&self) -> bool {
        self.disk.sync_folder().is_ok()
    }

    /// Returns what was found damaged, and the files that could not be removed.
    pub(super) fn into_rest(self) -> (Vec<FileEntry>, Vec<FoundDamage>, Vec<String>) {
        (self.entries, self.found_damage, self.leftovers)
    }
}

/// Whether the device itself could not read a file. Other errors are about this process, and end with them.
fn is_of_device(error: &std::io::Error) -> bool {
    const EIO: i32 = 5;
    error.raw_os_error() == Some(EIO)
}

/// Whether a file is the store's, by its name.
fn is_ours(entry: &FileEntry) -> bool {
    let name = name_before_damage(&entry.name).unwrap_or(&entry.name);
    let name = finished_name(name).unwrap_or(name);
    let generation = wal::number_of(name).map(generation_of);
    let generation = generation.or_else(|| segment::generations_of(name).map(|found| found.last));
    let has_our_name = name == RESERVE || generation.is_some_and(|generation| generation <= GENERATIONS_MAX);
    has_our_name && entry.is_file
}

fn report_foreign(foreign: &[FileEntry]) {
    if foreign.is_empty() {
        return;
    }
    let names: Vec<&str> = foreign.iter().map(|entry| entry.name.as_str()).take(NAMED_MAX).collect();
    let more = foreign.len() - names.len();
    tracing::warn!(
        ?names,
        more,
        "the data directory has files or folders that are not the store's; they are left alone"
    );
}
