//! The state under the log's lock: the waiting frames, the writer while it is free, and the results of earlier
//! rounds.
//!
//! A *round* is the frames of one write. One round is being filled while at most one other is written.

use std::collections::VecDeque;
use std::mem;

use super::error::LogError;
use super::file_use::FileUse;
use super::files::Files;
use super::writer::Writer;

/// Limit: bytes of the frames that wait for one write. More would only make each frame wait longer; further callers
/// wait until the buffer has space.
pub const BUFFER_BYTES_MAX: usize = 8 << 20;

pub(super) struct State {
    /// The frames of the round that is being filled.
    buffer: Vec<u8>,
    frames: usize,
    round: u64,
    /// The buffer of the previous round, to be reused.
    spare: Vec<u8>,
    /// The results of finished rounds. Each is kept until all threads that wait for it have read it.
    outcomes: VecDeque<Outcome>,
    /// `None` while a leader has it.
    writer: Option<Writer>,
    pub(super) files: Files,
    /// How many threads need the writer for another task than a frame. They go first; otherwise appends could starve
    /// them.
    pub(super) writers_wanted: usize,
    pub(super) is_syncing: bool,
}

struct Outcome {
    round: u64,
    waiters: usize,
    result: Result<FileUse, LogError>,
}

/// What a leader takes out of the state while it holds no lock: the writer, and the round that it writes.
pub(super) struct Flush {
    pub(super) writer: Writer,
    pub(super) buffer: Vec<u8>,
    pub(super) round: u64,
    frames: usize,
}

impl State {
    pub(super) fn new(writer: Writer) -> Self {
        Self {
            buffer: Vec::new(),
            frames: 0,
            round: 0,
            spare: Vec::new(),
            outcomes: VecDeque::new(),
            writer: Some(writer),
            files: Files::default(),
            writers_wanted: 0,
            is_syncing: false,
        }
    }

    /// A frame that is larger than the buffer waits until the buffer is empty.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        self.buffer.is_empty() || self.buffer.len() + bytes <= BUFFER_BYTES_MAX
    }

    /// Puts a frame into the round that is being filled, and returns the number of that round.
    pub(super) fn put(&mut self, header: &[u8], payload: &[u8]) -> u64 {
        self.buffer.reserve(header.len() + payload.len());
        self.buffer.extend_from_slice(header);
        self.buffer.extend_from_slice(payload);
        self.frames += 1;
        self.round
    }

    pub(super) fn has_frames(&self) -> bool {
        self.frames > 0
    }

    pub(super) fn is_idle(&self) -> bool {
        self.writer.is_some()
    }

    pub(super) fn may_lead(&self) -> bool {
        self.is_idle() && self.writers_wanted == 0
    }

    /// Returns the result of a round to one of the threads that wait for it.
    pub(super) fn take_outcome(&mut self, round: u64) -> Option<Result<FileUse, LogError>> {
        let index = self.outcomes.iter().position(|outcome| outcome.round == round)?;
        let outcome = self.outcomes.get_mut(index)?;
        outcome.waiters -= 1;
        if outcome.waiters > 0 {
            return Some(outcome.result.clone());
        }
        self.outcomes.remove(index).map(|outcome| outcome.result)
    }

    /// Closes the round that is being filled, and hands the round and the writer to the calling leader.
    pub(super) fn begin_flush(&mut self) -> Flush {
        let flush = Flush {
            writer: self.writer.take().expect("only one thread at a time is the leader"),
            buffer: mem::replace(&mut self.buffer, mem::take(&mut self.spare)),
            round: self.round,
            frames: mem::take(&mut self.frames),
        };
        self.round += 1;
        flush
    }

    /// Puts the writer back and publishes the result of the round. `own_frames` is how many frames of the round
    /// belong to the leader, which has the result already.
    pub(super) fn end_flush(
        &mut self,
        mut flush: Flush,
        own_frames: usize,
        result: Option<&Result<FileUse, LogError>>,
    ) {
        for event in flush.writer.events.drain(..) {
            self.files.apply(event);
        }
        self.files.current = flush.writer.number();
        self.writer = Some(flush.writer);
        let waiters = flush.frames - own_frames;
        if let Some(result) = result.filter(|_| waiters > 0) {
            self.outcomes.push_back(Outcome { round: flush.round, waiters, result: result.clone() });
        }
        if flush.buffer.capacity() <= BUFFER_BYTES_MAX {
            flush.buffer.clear();
            self.spare = flush.buffer;
        }
    }
}
