//! Replays the log: puts the spans that are in no segment into memory.
//!
//! Every frame is checked against the cutoff that it was checked against when it arrived. So the same spans are
//! stored as before, and the same ones are duplicates.
//!
//! Where time had moved the cutoff is forgotten: the window may be longer now, or the clock may have been ahead. Only the
//! floor comes back.

use platform::disk::{FileBytes, FileEntry};
use record::Batch;
use span::Timestamp;
use wal::{End, Entry, LogReader, ReadError};

use super::folder::Folder;
use crate::error::OpenError;
use crate::ingest::Inserter;
use crate::log::generation_of;
use crate::maintenance::{Maintainer, ReplayedFile};
use crate::parts::Parts;
use crate::window::LimitedBy;

/// The log files that are still needed, by number.
pub(super) struct LogFiles {
    files: Vec<LogFile>,
    last_number: u64,
}

struct LogFile {
    number: u64,
    bytes: FileBytes,
}

/// Damage in a log file. The frames around it are used.
#[derive(Debug, thiserror::Error)]
enum LogDamage {
    #[error("{0}")]
    File(#[from] ReadError),
    #[error("the frame at {offset} is not a batch of spans")]
    NotABatch { offset: u64 },
    #[error("{bytes} bytes at {offset} are not a frame")]
    NotAFrame { offset: u64, bytes: u64 },
}

impl LogFiles {
    /// Opens the files of generations that are not sealed, and removes the others. `sealed` is the last sealed
    /// generation.
    pub(super) fn open(folder: &mut Folder, sealed: u64) -> Result<Self, OpenError> {
        let found = folder.logs();
        let last_number = found.last().map_or(0, |(_, number)| *number);
        let mut logs = Self { files: Vec::new(), last_number };
        for (FileEntry { name, .. }, number) in found {
            if generation_of(number) <= sealed {
                folder.remove(&name);
                continue;
            }
            let Some(bytes) = folder.open(&name)? else { continue };
            match LogReader::open(&bytes).map(|reader| reader.number()) {
                Ok(Some(other)) if other != number => {
                    folder.leave_alone(&name, &"it is a log file that had another name");
                }
                Ok(_) => logs.files.push(LogFile { number, bytes }),
                Err(error @ ReadError::UnknownVersion { .. }) => {
                    return Err(OpenError::Foreign { file: name, reason: Box::new(error) });
                }
                Err(error) => folder.quarantine(&name, &error),
            }
        }
        Ok(logs)
    }

    /// Returns the generation of the oldest file.
    pub(super) fn first_generation(&self) -> Option<u64> {
        self.files.first().map(|file| generation_of(file.number))
    }

    pub(super) fn last_number(&self) -> u64 {
        self.last_number
    }
}

/// Puts the spans of the log into memory, each file into its generation.
pub(super) fn replay(parts: &Parts, maintainer: &mut Maintainer, logs: &LogFiles, now: Timestamp) {
    let inserter = parts.inserter();
    let mut floor = LatestFloor::default();
    for file in &logs.files {
        turn_to_generation(parts, maintainer, generation_of(file.number), now);
        let (name, bytes) = (wal::file_name(file.number), file.bytes.len() as u64);
        let damage = replay_file(&inserter, file, &mut floor).err();
        if let Some(damage) = &damage {
            parts.health.found_damage(&name, damage);
        }
        if let Ok(End::Torn { offset, bytes: 1.. }) = LogReader::open(&file.bytes).map(LogReader::end) {
            parts.health.cut_log(&name, offset, bytes - offset);
        }
        maintainer.add_replayed(ReplayedFile { number: file.number, bytes, is_damaged: damage.is_some() });
    }
    // With a floor ahead of the clock, spans would not be shown until the clock has reached it.
    if let Some(floor) = floor.floor.filter(|&floor| floor <= now) {
        parts.window.raise_floor(floor, LimitedBy::Disk);
    }
}

/// The floor of the latest generation that has frames. A later generation may have a lower floor than an earlier one,
/// because the floor comes down with the clock.
#[derive(Default)]
struct LatestFloor {
    generation: u64,
    floor: Option<Timestamp>,
}

impl LatestFloor {
    /// Notes the floor of a frame. The frames of one generation are in any order, because batches arrive together.
    fn note(&mut self, generation: u64, floor: Timestamp) {
        if generation != self.generation {
            *self = Self { generation, floor: None };
        }
        self.floor = self.floor.max(Some(floor));
    }
}

/// Opens the generation with this number. If memory has no space for two, the previous one is sealed.
fn turn_to_generation(parts: &Parts, maintainer: &mut Maintainer, number: u64, now: Timestamp) {
    if parts.catalog.views().current().open().number() == number {
        return;
    }
    maintainer.open_generation(number, now);
    if parts.space.memory_bytes() >= parts.space.memory_bytes_max() / 2 {
        maintainer.seal_all(now);
    }
}

/// Fails with the last damage of the file, after all readable frames were used.
fn replay_file(inserter: &Inserter, file: &LogFile, floor: &mut LatestFloor) -> Result<(), LogDamage> {
    let mut result = Ok(());
    for entry in LogReader::open(&file.bytes)? {
        match entry {
            Entry::Frame { payload, offset, .. } => match Batch::parse(payload) {
                Ok(batch) if batch.check().is_ok() => {
                    floor.note(generation_of(file.number), batch.start.floor);
                    inserter.insert(&batch, 0);
                }
                _ => result = Err(LogDamage::NotABatch { offset }),
            },
            Entry::Damage { offset, bytes } => result = Err(LogDamage::NotAFrame { offset, bytes }),
        }
    }
    result
}
