//! All I/O on the file that is being written. Only the leader uses the writer, and it holds no lock meanwhile.

use std::io;
use std::sync::Arc;

use platform::disk::{AppendFile, Disk};

use super::error::{DiskAction, LogError};
use super::file_use::{FileUse, ReleaseEvent};
use crate::format::{FILE_HEADER_BYTES, FileHeader, seal};
use crate::name::file_name;

/// What an acknowledged frame survives.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Durability {
    /// The end of the process: the kernel has the frame.
    Os,
    /// A power cut: the disk has the frame.
    Fsync,
}

pub(super) struct Writer {
    disk: Arc<dyn Disk>,
    durability: Durability,
    released: Arc<ReleaseEvent>,
    /// Makes the salt of the next file.
    salt: fn() -> u32,
    next_number: u64,
    /// `None` after a failure, until the next frame needs a file.
    current: Option<Current>,
    /// Changes that the table of files does not have yet; empty whenever the lock is free.
    pub(super) events: Vec<FileEvent>,
}

struct Current {
    file_use: FileUse,
    file: Box<dyn AppendFile>,
    salt: u32,
    sequence: u64,
    /// Whether the file has bytes that are not synced.
    is_dirty: bool,
}

/// A change of a file.
pub(super) enum FileEvent {
    Begun(FileUse),
    Grown {
        number: u64,
        bytes: usize,
    },
    /// The file takes no more frames. `unsynced` is the open file if it still has to be synced.
    Left {
        number: u64,
        unsynced: Option<Box<dyn AppendFile>>,
    },
    SyncFailed {
        number: u64,
        error: LogError,
    },
}

impl Writer {
    pub(super) fn new(
        disk: Arc<dyn Disk>,
        durability: Durability,
        next_number: u64,
        salt: fn() -> u32,
        released: &Arc<ReleaseEvent>,
    ) -> Self {
        let released = Arc::clone(released);
        Self { disk, durability, released, salt, next_number, current: None, events: Vec::new() }
    }

    /// Returns the number of the file that takes frames.
    pub(super) fn number(&self) -> Option<u64> {
        self.current.as_ref().map(|current| *current.file_use)
    }

    /// Completes the drafts in `frames`, appends all of them with one write, and returns the file that has them.
    /// Begins a new file if there is none.
    pub(super) fn write(&mut self, frames: &mut [u8]) -> Result<FileUse, LogError> {
        let mut current = match self.current.take() {
            Some(current) => current,
            None => self.begun()?,
        };
        let number = *current.file_use;
        current.sequence = seal(frames, current.salt, current.sequence);
        // Counted before the write, because after an error any part may be in the file, and the limit must not count
        // too little.
        self.events.push(FileEvent::Grown { number, bytes: frames.len() });
        if let Err(error) = current.file.append(frames) {
            self.leave(current);
            return Err(DiskAction::Write.on(number)(error));
        }
        current.is_dirty = true;
        self.sync_for_ack(&mut current)?;
        let file_use = current.file_use.clone();
        self.current = Some(current);
        Ok(file_use)
    }

    fn sync_for_ack(&mut self, current: &mut Current) -> Result<(), LogError> {
        match self.durability {
            Durability::Os => Ok(()),
            Durability::Fsync => self.sync_file(current),
        }
    }

    /// Syncs a file. After an error the file must be closed without another sync, which would succeed although bytes
    /// are lost.
    fn sync_file(&mut self, current: &mut Current) -> Result<(), LogError> {
        let number = *current.file_use;
        let result = current.file.sync().map_err(DiskAction::Sync.on(number));
        if let Err(error) = &result {
            self.events.push(FileEvent::SyncFailed { number, error: error.clone() });
        }
        current.is_dirty = false;
        result
    }

    /// Syncs the file that takes frames, if it has bytes that are not synced.
    pub(super) fn sync(&mut self) -> Result<(), LogError> {
        let Some(mut current) = self.current.take() else { return Ok(()) };
        if current.is_dirty {
            self.sync_file(&mut current)?;
        }
        self.current = Some(current);
        Ok(())
    }

    /// Begins a new file whose number is at least `number`, and returns its number. If the current file has no frames
    /// and a number that is large enough, it is used instead. After this call no frame goes to a file with a number
    /// below `number`, even if the call fails.
    pub(super) fn rotate(&mut self, number: u64) -> Result<u64, LogError> {
        self.next_number = self.next_number.max(number);
        let current = match self.current.take() {
            Some(current) if current.sequence == 0 && *current.file_use >= number => current,
            Some(current) => {
                self.leave(current);
                self.begun()?
            }
            None => self.begun()?,
        };
        let number = *current.file_use;
        self.current = Some(current);
        Ok(number)
    }

    fn leave(&mut self, current: Current) {
        // With `Fsync`, all acknowledged frames are synced already; the others were never acknowledged.
        let must_sync = current.is_dirty && self.durability == Durability::Os;
        self.events
            .push(FileEvent::Left { number: *current.file_use, unsynced: must_sync.then_some(current.file) });
    }

    fn begun(&mut self) -> Result<Current, LogError> {
        let number = self.next_number;
        // The number is used up even if the creation fails, because a file of this name may then exist.
        self.next_number += 1;
        let name = file_name(number);
        let mut file = self.disk.create(&name).map_err(DiskAction::Create.on(number))?;
        let (file_use, salt) = (FileUse::new(number, &self.released), (self.salt)());
        let begun = self.write_header(file.as_mut(), FileHeader { salt, number });
        // A file whose header could not be written is removed, so that failed attempts do not fill the disk. If that
        // fails, too, the file stays and its bytes are counted.
        if begun.is_ok() || self.disk.remove(&name).is_err() {
            self.events.push(FileEvent::Begun(file_use.clone()));
            self.events.push(FileEvent::Grown { number, bytes: FILE_HEADER_BYTES });
        }
        begun.map_err(DiskAction::Create.on(number))?;
        Ok(Current { file_use, file, salt, sequence: 0, is_dirty: self.durability == Durability::Os })
    }

    /// Writes the header. Order: the header is synced before any frame is written. Otherwise a power cut could tear
    /// the header and keep an acknowledged frame after it.
    fn write_header(&self, file: &mut dyn AppendFile, header: FileHeader) -> io::Result<()> {
        file.append(&header.encode())?;
        match self.durability {
            Durability::Os => Ok(()),
            Durability::Fsync => {
                file.sync()?;
                self.disk.sync_folder()
            }
        }
    }
}
