//! Writes the log. Threads copy their frames into one buffer; one of them, the leader, writes all of it.
//!
//! Invariant: no lock is held during I/O. The leader takes the writer out of the state, so there is at most one
//! leader.

mod error;
mod file_use;
mod files;
#[cfg(test)]
mod golden;
mod state;
mod writer;

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::sync::Arc;

use platform::disk::Disk;
use sync::{Condvar, Mutex, MutexGuard};

use crate::format::{FRAME_BYTES_MAX, draft};
use crate::name::file_name;
pub use error::{DiskAction, LogError};
use file_use::{FileUse, ReleaseEvent};
pub use state::BUFFER_BYTES_MAX;
use state::State;
pub use writer::Durability;
use writer::{FileEvent, Writer};

/// A log that any number of threads append to.
pub struct Log {
    disk: Arc<dyn Disk>,
    durability: Durability,
    released: Arc<ReleaseEvent>,
    state: Mutex<State>,
    /// For threads that wait for the end of a round: one for even and one for odd numbers of rounds, so that the end
    /// of a round does not wake the threads of the next one.
    finished: [Condvar; 2],
    /// For threads that wait for space in the buffer.
    room: Condvar,
    /// For threads that need the writer for another task than a frame.
    writer_free: Condvar,
    /// For threads that wait while another call syncs the closed files.
    left_synced: Condvar,
}

/// A frame in the log. While this value or a clone of it exists, the file with the frame counts as in use and is not
/// removed.
#[derive(Clone, Debug)]
#[must_use = "keep it until readers find the content of the frame"]
pub struct Appended(FileUse);

impl Appended {
    /// Returns the number of the file that has the frame.
    pub fn file_number(&self) -> u64 {
        *self.0
    }
}

impl Log {
    /// Begins a log in a new file with this number. The file must not exist.
    pub fn create(disk: Arc<dyn Disk>, durability: Durability, next_number: u64) -> Result<Self, LogError> {
        let log = Self::new(disk, durability, next_number);
        log.rotate()?;
        Ok(log)
    }

    /// Makes a log whose first file gets this number. No file with this number or a larger one may exist. The file is
    /// created by [`rotate`](Self::rotate) or with the first frame, so that a log can begin on a full disk.
    pub fn new(disk: Arc<dyn Disk>, durability: Durability, next_number: u64) -> Self {
        Self::with_salt(disk, durability, next_number, random_salt)
    }

    fn with_salt(disk: Arc<dyn Disk>, durability: Durability, next_number: u64, salt: fn() -> u32) -> Self {
        let released = Arc::default();
        let writer = Writer::new(Arc::clone(&disk), durability, next_number, salt, &released);
        Self {
            released,
            disk,
            durability,
            state: Mutex::new(State::new(writer)),
            finished: [Condvar::new(), Condvar::new()],
            room: Condvar::new(),
            writer_free: Condvar::new(),
            left_synced: Condvar::new(),
        }
    }

    /// Appends one frame of at most [`FRAME_BYTES_MAX`] bytes. When this returns, the frame is as durable as
    /// [`Durability`] says. After an error, the file may or may not contain the frame.
    pub fn append(&self, payload: &[u8]) -> Result<Appended, LogError> {
        if payload.len() > FRAME_BYTES_MAX {
            return Err(LogError::FrameTooLarge { bytes: payload.len() });
        }
        let header = draft(payload);
        let mut state = self.state.lock();
        while !state.has_room(header.len() + payload.len()) {
            self.room.wait(&mut state);
        }
        let round = state.put(&header, payload);
        loop {
            if let Some(result) = state.take_outcome(round) {
                return result.map(Appended);
            }
            if state.may_lead() {
                // Rounds are written in order and there is no leader, so the caller's frame is in the round that is
                // being filled.
                let (written, ()) = self.lead(&mut state, 1, |_| ());
                return written.expect("the round has the caller's frame").map(Appended);
            }
            self.finished(round).wait(&mut state);
        }
    }

    /// Begins a new file for all later frames, and returns its number. If the current file has no frames yet, no new
    /// file is made.
    pub fn rotate(&self) -> Result<u64, LogError> {
        self.rotate_to(0)
    }

    /// Rotates as [`rotate`](Self::rotate) does, to a file whose number is at least `number`. From here on no frame
    /// goes to a file with a smaller number, even after an error.
    pub fn rotate_to(&self, number: u64) -> Result<u64, LogError> {
        self.with_writer(|writer| writer.rotate(number))
    }

    /// Waits until no [`Appended`] exists for a file whose number is less than `below`. Readers of the store then
    /// find the content of all frames in these files.
    pub fn wait_until_unused(&self, below: u64) {
        self.released.wait_until(|| !self.state.lock().files.are_used(below));
    }

    /// Syncs everything that was appended so far. With `Fsync` that is done already.
    ///
    /// Appends wait while the current file is synced, but not while earlier files are. Right after a `rotate` they
    /// hardly wait.
    pub fn sync(&self) -> Result<(), LogError> {
        if self.durability == Durability::Fsync {
            return Ok(());
        }
        // Order: the current file first. If it is closed in between, it is among the closed ones that are synced
        // next.
        self.with_writer(Writer::sync)?;
        let mut state = self.state.lock();
        // Another call may be syncing closed files, and this call must report their errors, too.
        while state.is_syncing {
            self.left_synced.wait(&mut state);
        }
        state.is_syncing = true;
        let (events, names) = MutexGuard::unlocked(&mut state, || self.sync_left());
        for event in events {
            state.files.apply(event);
        }
        state.is_syncing = false;
        self.left_synced.notify_all();
        state.files.check_synced()?;
        names.map_err(DiskAction::Sync.on(state.files.newest()))
    }

    /// Syncs the closed files, and then the folder, which saves the names of all files.
    fn sync_left(&self) -> (Vec<FileEvent>, io::Result<()>) {
        let unsynced = self.state.lock().files.take_unsynced();
        let synced = unsynced.into_iter().filter_map(|(number, mut file)| {
            let error = file.sync().map_err(DiskAction::Sync.on(number)).err()?;
            Some(FileEvent::SyncFailed { number, error })
        });
        (synced.collect(), self.disk.sync_folder())
    }

    /// Returns the numbers of the closed files that no `Appended` keeps in use.
    ///
    /// Order: a caller that removes files after their content is in a segment calls this before it freezes the
    /// content. A file that is closed later may have frames of the next generation.
    pub fn closed_files(&self) -> Vec<u64> {
        self.state.lock().files.closed()
    }

    /// Removes a closed file. A power cut may bring it back unless the folder is synced. Fails if the file is still
    /// in use, or if this log has no file with this number.
    pub fn remove(&self, number: u64) -> Result<(), LogError> {
        let file = self.state.lock().files.take(number)?;
        match self.disk.remove(&file_name(number)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                self.state.lock().files.put_back(file);
                Err(DiskAction::Remove.on(number)(error))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Returns how many bytes the files of this log have; after a failed write, an upper bound.
    pub fn bytes(&self) -> u64 {
        self.state.lock().files.bytes()
    }

    /// Returns the number of the newest file.
    pub fn number(&self) -> u64 {
        self.state.lock().files.newest()
    }

    /// Waits until the writer is free, writes the waiting frames, and runs `task` with the writer.
    fn with_writer<T>(&self, task: impl FnOnce(&mut Writer) -> Result<T, LogError>) -> Result<T, LogError> {
        let mut state = self.state.lock();
        state.writers_wanted += 1;
        while !state.is_idle() {
            self.writer_free.wait(&mut state);
        }
        state.writers_wanted -= 1;
        self.lead(&mut state, 0, task).1
    }

    /// Writes the round that is being filled, and then runs `task`. Returns the result of the write, if there was
    /// one.
    ///
    /// `own_frames` of the round belong to the caller, which gets the result from here and not from the state. The
    /// caller has checked under this lock that the writer is free. The lock is released during the I/O.
    fn lead<T>(
        &self,
        state: &mut MutexGuard<'_, State>,
        own_frames: usize,
        task: impl FnOnce(&mut Writer) -> T,
    ) -> (Option<Result<FileUse, LogError>>, T) {
        let has_frames = state.has_frames();
        let mut flush = state.begin_flush();
        // The buffer is empty from here on, long before the write ends.
        self.room.notify_all();
        let (written, done) = MutexGuard::unlocked(state, || {
            let written = has_frames.then(|| flush.writer.write(&mut flush.buffer));
            (written, task(&mut flush.writer))
        });
        let round = flush.round;
        state.end_flush(flush, own_frames, written.as_ref());
        self.finished(round).notify_all();
        // The writer is free, and another thread must take it if there is work. A thread that needs it for a task
        // goes first, and writes the waiting frames as well. Otherwise one thread whose frames wait is woken as
        // leader; the others of its round sleep until that write ends.
        if state.writers_wanted > 0 {
            self.writer_free.notify_all();
        } else if state.has_frames() {
            self.finished(round + 1).notify_one();
        }
        (written, done)
    }

    fn finished(&self, round: u64) -> &Condvar {
        let [even, odd] = &self.finished;
        if round.is_multiple_of(2) { even } else { odd }
    }
}

/// Returns a random number that clients cannot predict, so that no payload can pass for a frame.
fn random_salt() -> u32 {
    let [a, b, c, d, ..] = RandomState::new().hash_one(0).to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

impl fmt::Debug for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Log").field("durability", &self.durability).finish_non_exhaustive()
    }
}
