//! The log is read again: what no segment has yet goes into memory.
//!
//! Every frame is judged by the edge of the window that it was judged by when it came, so that the same spans
//! are stored, and the same ones repeated, as before.

use platform::disk::{Disk, FileBytes};
use record::Batch;
use span::Timestamp;
use wal::{Entry, LogReader, ReadError};

use super::DamagedFile;
use crate::error::OpenError;
use crate::stats::LimitedBy;
use crate::store::Store;
use crate::upkeep::{Replayed, generation_of};

/// The files of the log, by number.
pub(super) struct Logs {
    files: Vec<LogFile>,
    last_number: u64,
}

struct LogFile {
    number: u64,
    bytes: FileBytes,
}

impl Logs {
    /// Opens the files of generations that are not sealed; the others are not needed any more. `sealed` is the
    /// last one that is.
    pub(super) fn open(
        disk: &dyn Disk,
        names: &[String],
        sealed: u64,
        damaged: &mut Vec<DamagedFile>,
    ) -> Result<Self, OpenError> {
        let mut numbers: Vec<u64> = names.iter().filter_map(|name| wal::number_of(name)).collect();
        numbers.sort_unstable();
        let mut logs = Self { files: Vec::new(), last_number: numbers.last().copied().unwrap_or(0) };
        for number in numbers {
            let name = wal::file_name(number);
            if generation_of(number) <= sealed {
                disk.remove(&name)?;
                continue;
            }
            let bytes = disk.open(&name)?;
            match LogReader::open(&bytes) {
                Ok(_) => logs.files.push(LogFile { number, bytes }),
                Err(error @ ReadError::UnknownVersion { .. }) => {
                    return Err(OpenError::Foreign { file: name, reason: error.to_string() });
                }
                Err(error) => damaged.push(DamagedFile::set_aside(disk, &name, &error)?),
            }
        }
        Ok(logs)
    }

    /// The generation of the oldest file.
    pub(super) fn first_generation(&self) -> Option<u64> {
        self.files.first().map(|file| generation_of(file.number))
    }

    pub(super) fn last_number(&self) -> u64 {
        self.last_number
    }
}

impl Store {
    /// Puts what the log has into memory, each file into the generation that it belongs to.
    pub(super) fn replay(&mut self, logs: &Logs, now: Timestamp) {
        let mut edge = Timestamp::MIN;
        for file in &logs.files {
            self.turn_to_generation(generation_of(file.number), now);
            let damage = self.replay_file(file, &mut edge).err();
            if let Some(damage) = &damage {
                self.trouble.found_damage(&wal::file_name(file.number), damage);
            }
            let is_damaged = damage.is_some();
            self.upkeep.get_mut().replayed.push(Replayed { number: file.number, is_damaged });
        }
        // An edge ahead of the clock would hide what comes until the clock is there.
        if edge <= now {
            self.window.raise_floor(edge, LimitedBy::Disk);
        }
    }

    /// The generation before is sealed first if memory has no room for both.
    fn turn_to_generation(&self, number: u64, now: Timestamp) {
        if self.views.open().number() == number {
            return;
        }
        self.open_generation(number, now);
        if self.memory_bytes() >= self.settings.memory_bytes_max / 2 {
            while self.seal() {}
        }
    }

    fn replay_file(&self, file: &LogFile, edge: &mut Timestamp) -> Result<(), String> {
        let reader = LogReader::open(&file.bytes).map_err(|error| error.to_string())?;
        let mut damage = Ok(());
        for entry in reader {
            match entry {
                Entry::Frame { payload, offset, .. } => match Batch::parse(payload) {
                    Ok(batch) if batch.check().is_ok() => {
                        *edge = (*edge).max(batch.cutoff);
                        self.insert(&batch, 0);
                    }
                    _ => damage = Err(format!("the frame at {offset} is no batch of spans")),
                },
                Entry::Damage { offset, bytes } => {
                    damage = Err(format!("{bytes} bytes at {offset} are no frame"));
                }
            }
        }
        damage
    }
}
