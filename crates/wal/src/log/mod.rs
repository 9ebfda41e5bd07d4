//! Writes the log. Threads copy their frames into one buffer; one of them, the leader, writes all of it.
//!
//! Invariant: no lock is held across I/O. The leader takes the writer out of the state, so there is at most one.

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

/// A log that is being written, by any number of threads.
pub struct Log {
    disk: Arc<dyn Disk>,
    durability: Durability,
    released: Arc<ReleaseEvent>,
    state: Mutex<State>,
    /// For those who wait for a round, by whether its number is even: the end of one must not wake the next.
    finished: [Condvar; 2],
    /// For those who wait for room in the buffer.
    room: Condvar,
    /// For those who want the writer for another reason than a frame.
    writer_free: Condvar,
    /// For those who wait while another call syncs the files that were left.
    left_synced: Condvar,
}

/// A frame that is in the log. Its file counts as in use while this lives.
#[derive(Clone, Debug)]
#[must_use = "hold it until the frame's content is where readers find it"]
pub struct Appended(FileUse);

impl Appended {
    /// Returns the number of the file that has the frame.
    pub fn file_number(&self) -> u64 {
        *self.0
    }
}

impl Log {
    /// Begins a log with the file of this number, which must not exist.
    pub fn create(disk: Arc<dyn Disk>, durability: Durability, next_number: u64) -> Result<Self, LogError> {
        Self::with_salt(disk, durability, next_number, random_salt)
    }

    fn with_salt(
        disk: Arc<dyn Disk>,
        durability: Durability,
        next_number: u64,
        salt: fn() -> u32,
    ) -> Result<Self, LogError> {
        let released = Arc::default();
        let writer = Writer::new(Arc::clone(&disk), durability, next_number, salt, &released);
        let log = Self {
            released,
            disk,
            durability,
            state: Mutex::new(State::new(writer)),
            finished: [Condvar::new(), Condvar::new()],
            room: Condvar::new(),
            writer_free: Condvar::new(),
            left_synced: Condvar::new(),
        };
        log.rotate()?;
        Ok(log)
    }

    /// Appends one frame; when it returns, the frame is as durable as the log. After an error, nothing is known of
    /// it: it may still be found in the file.
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
                // Rounds are written in order and nobody leads, so the round that is being filled is ours.
                let (written, ()) = self.lead(&mut state, 1, |_| ());
                return written.expect("the round has the caller's frame").map(Appended);
            }
            self.finished(round).wait(&mut state);
        }
    }

    /// Lets everything that is appended from now on go to another file than what was appended before, and returns
    /// the number of that file. (No new one is begun where the last has no frames yet.)
    pub fn rotate(&self) -> Result<u64, LogError> {
        self.rotate_to(0)
    }

    /// Rotates as [`rotate`](Self::rotate) does, to a file whose number is at least `number`. Also after an error no
    /// frame goes to a file with a smaller number from here on.
    pub fn rotate_to(&self, number: u64) -> Result<u64, LogError> {
        self.with_writer(|writer| writer.rotate(number))
    }

    /// Waits until no `Appended` of a file with a smaller number is left: what they stood for is in its place.
    pub fn wait_until_unused(&self, below: u64) {
        self.released.wait_until(|| !self.state.lock().files.are_used(below));
    }

    /// Syncs whatever was appended so far. With `Fsync` that is done already.
    ///
    /// Appends wait while the current file is synced, not while the earlier ones are: after a `rotate`, that is
    /// next to nothing.
    pub fn sync(&self) -> Result<(), LogError> {
        if self.durability == Durability::Fsync {
            return Ok(());
        }
        // Order: the current file first. If it is left meanwhile, it is among the others.
        self.with_writer(Writer::sync)?;
        let mut state = self.state.lock();
        // Another call may have files in its hands that this one answers for.
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

    /// Syncs the files that take no more frames, and then the names of all.
    fn sync_left(&self) -> (Vec<FileEvent>, io::Result<()>) {
        let unsynced = self.state.lock().files.take_unsynced();
        let synced = unsynced.into_iter().filter_map(|(number, mut file)| {
            let error = file.sync().map_err(DiskAction::Sync.on(number)).err()?;
            Some(FileEvent::SyncFailed { number, error })
        });
        (synced.collect(), self.disk.sync_folder())
    }

    /// Returns the numbers of the files that take no more frames, and that no `Appended` holds.
    ///
    /// Order: who deletes files once their content is in a segment asks for them before the content is frozen. A file
    /// that closes later may hold frames that went to the next generation.
    pub fn closed_files(&self) -> Vec<u64> {
        self.state.lock().files.closed()
    }

    /// Deletes a closed file. A power cut may bring it back, unless the folder is synced.
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

    /// Returns how many bytes are in the files of this log; after a failed write, at most so many.
    pub fn bytes(&self) -> u64 {
        self.state.lock().files.bytes()
    }

    /// Returns the number of the newest file.
    pub fn number(&self) -> u64 {
        self.state.lock().files.newest()
    }

    /// Waits until nobody has the writer, writes the frames that wait, and does `task` with the writer.
    fn with_writer<T>(&self, task: impl FnOnce(&mut Writer) -> Result<T, LogError>) -> Result<T, LogError> {
        let mut state = self.state.lock();
        state.writers_wanted += 1;
        while !state.is_idle() {
            self.writer_free.wait(&mut state);
        }
        state.writers_wanted -= 1;
        self.lead(&mut state, 0, task).1
    }

    /// Writes the round that is being filled, and then does `task`. Returns how the write went, if there was any.
    ///
    /// `own_frames` of the round are the caller's, who gets the outcome from here and not from the state. The caller has
    /// seen under this lock that the writer is free; the lock is let go for the I/O and taken again.
    fn lead<T>(
        &self,
        state: &mut MutexGuard<'_, State>,
        own_frames: usize,
        task: impl FnOnce(&mut Writer) -> T,
    ) -> (Option<Result<FileUse, LogError>>, T) {
        let has_frames = state.has_frames();
        let mut flush = state.begin_flush();
        // The buffer is empty again from here on, long before the write is over.
        self.room.notify_all();
        let (written, done) = MutexGuard::unlocked(state, || {
            let written = has_frames.then(|| flush.writer.write(&mut flush.buffer));
            (written, task(&mut flush.writer))
        });
        let round = flush.round;
        state.end_flush(flush, own_frames, written.as_ref());
        self.finished(round).notify_all();
        // The writer is free, and somebody must take it over if there is anything to do. Whoever wants it for a task goes
        // first and writes the frames that wait as well. Else one of the threads whose frames wait is woken to lead; the
        // others of its round sleep on until that write is over.
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

/// Returns a number that nobody who sends a payload can know.
fn random_salt() -> u32 {
    let [a, b, c, d, ..] = RandomState::new().hash_one(0).to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

impl fmt::Debug for Log {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Log").field("durability", &self.durability).finish_non_exhaustive()
    }
}
