//! What the log's lock protects: the frames that wait, the writer while nobody has it, and how earlier rounds went.
//!
//! A *round* is what one write takes. One round is being filled while at most one other is written.

use std::collections::VecDeque;
use std::mem;

use super::error::LogError;
use super::file_use::FileUse;
use super::files::Files;
use super::writer::Writer;

/// Limit: what waits for one write. More would only make each of them wait longer; callers wait outside.
pub const BUFFER_BYTES_MAX: usize = 8 << 20;

pub(super) struct State {
    /// The frames of the round that is being filled.
    buffer: Vec<u8>,
    frames: usize,
    round: u64,
    /// The buffer of the round before, to be used again.
    spare: Vec<u8>,
    /// How the rounds went that are over. Each stays until all who wait for it have read it.
    outcomes: VecDeque<Outcome>,
    /// None while a leader has it.
    writer: Option<Writer>,
    pub(super) files: Files,
    /// How many threads want the writer for another reason than a frame. They go first, or appends could keep them out.
    pub(super) writers_wanted: usize,
    pub(super) is_syncing: bool,
}

struct Outcome {
    round: u64,
    waiters: usize,
    result: Result<FileUse, LogError>,
}

/// What a leader takes along while it holds no lock: the writer, and the round that it writes.
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

    /// A frame that is larger than the buffer has it for itself.
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        self.buffer.is_empty() || self.buffer.len() + bytes <= BUFFER_BYTES_MAX
    }

    /// Puts a frame into the round that is being filled, and returns which one that is.
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

    /// Returns how a round went, to one of those who wait for it.
    pub(super) fn take_outcome(&mut self, round: u64) -> Option<Result<FileUse, LogError>> {
        let index = self.outcomes.iter().position(|outcome| outcome.round == round)?;
        let outcome = self.outcomes.get_mut(index)?;
        outcome.waiters -= 1;
        if outcome.waiters > 0 {
            return Some(outcome.result.clone());
        }
        self.outcomes.remove(index).map(|outcome| outcome.result)
    }

    /// Closes the round that is being filled, and gives it to a leader.
    pub(super) fn begin_flush(&mut self) -> Flush {
        let flush = Flush {
            writer: self.writer.take().expect("nobody leads"),
            buffer: mem::replace(&mut self.buffer, mem::take(&mut self.spare)),
            round: self.round,
            frames: mem::take(&mut self.frames),
        };
        self.round += 1;
        flush
    }

    /// Gives the writer back and publishes how the round went. `own_frames` of it are the leader's, who has the result
    /// already.
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
