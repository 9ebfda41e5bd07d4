//! Which traces have changed, for who looks on.
//!
//! Nothing is noted while nobody does. A batch is noted after it was inserted and before it is acknowledged; who looks
//! on takes a place in the row of notes before it reads, so that whatever it did not see is noted behind that place.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hashbrown::HashSet;
use parking_lot::Mutex;
use record::Run;
use span::{Timestamp, TraceId};

use crate::store::Store;
use crate::window::nanos;

/// Limit: notes that are kept, 4 MiB. Who is further behind has to look at everything again.
const NOTES_MAX: usize = 1 << 18;
/// Limit: nobody looks on who has not asked for so long.
const WATCH_MAX: Duration = Duration::from_mins(1);

#[derive(Default)]
pub(crate) struct Changes {
    /// Order: set before whoever sets it reads shards, looked at after a batch was put there. So a writer that does
    /// not see it has been in the shard before that reader.
    is_watched: AtomicBool,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    ids: VecDeque<TraceId>,
    /// The place of the first of them.
    first: u64,
    watched_until: Timestamp,
}

/// Traces that have changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// Each once, in the order of their first change.
    pub ids: Vec<TraceId>,
    /// Where to go on.
    pub next: u64,
    /// There are more behind that place.
    pub has_more: bool,
}

impl Notes {
    fn end(&self) -> u64 {
        self.first + self.ids.len() as u64
    }

    /// Forgets everything: no place that was given out is good any more.
    fn clear(&mut self) {
        self.first = self.end() + 1;
        self.ids = VecDeque::new();
    }
}

impl Changes {
    /// Notes the traces of a batch that was inserted.
    #[inline]
    pub(crate) fn note(&self, runs: &[Run<'_>]) {
        if self.is_watched.load(Ordering::Acquire) {
            self.note_watched(runs);
        }
    }

    #[cold]
    fn note_watched(&self, runs: &[Run<'_>]) {
        let mut notes = self.notes.lock();
        notes.ids.extend(runs.iter().map(|run| run.trace_id));
        let too_many = notes.ids.len().saturating_sub(NOTES_MAX);
        notes.ids.drain(..too_many);
        notes.first += too_many as u64;
    }

    /// Stops noting when nobody has asked for a while.
    pub(crate) fn rest(&self, now: Timestamp) {
        if !self.is_watched.load(Ordering::Acquire) {
            return;
        }
        let mut notes = self.notes.lock();
        if notes.watched_until < now {
            self.is_watched.store(false, Ordering::Release);
            notes.clear();
        }
    }
}

impl Store {
    /// Begins to look on. Returns the place from which on [`changes`](Self::changes) knows whatever is not in an answer
    /// that is asked for after this call.
    pub fn watch(&self, now: Timestamp) -> u64 {
        let mut notes = self.changes.notes.lock();
        notes.watched_until = now.saturating_add(nanos(WATCH_MAX));
        self.changes.is_watched.store(true, Ordering::Release);
        notes.end()
    }

    /// The traces that got spans since a place, at most `limit` of them. Nothing where that is no longer known; then
    /// everything has to be looked at again. (What ages out is no change.)
    pub fn changes(&self, since: u64, limit: usize, now: Timestamp) -> Option<Changed> {
        let end = self.watch(now);
        let notes = self.changes.notes.lock();
        if !(notes.first..=end).contains(&since) {
            return None;
        }
        let mut seen = HashSet::new();
        let mut changed = Changed { ids: Vec::new(), next: since, has_more: false };
        for &id in notes.ids.range(usize::try_from(since - notes.first).ok()?..) {
            if seen.len() == limit && !seen.contains(&id) {
                changed.has_more = true;
                break;
            }
            changed.next += 1;
            if seen.insert(id) {
                changed.ids.push(id);
            }
        }
        Some(changed)
    }
}
