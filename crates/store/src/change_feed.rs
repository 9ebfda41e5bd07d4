//! The change feed: which traces got spans.
//!
//! Nothing is noted while there is no subscriber. A batch is noted after it was inserted and before it is
//! acknowledged. A subscriber takes a position before it reads, so every span that it did not see is noted after that
//! position.

use std::collections::VecDeque;
use std::time::Duration;
use sync::atomic::{AtomicBool, Ordering};

use hashbrown::HashSet;
use record::Run;
use span::{Timestamp, TraceId};
use sync::Mutex;

use crate::nanos::nanos;

/// Limit: notes that are kept, 4 MiB. A subscriber that is further behind has to read everything again.
const NOTES_MAX: usize = 1 << 18;
/// Limit: a subscriber that has not asked for this long is dropped.
const SUBSCRIPTION_MAX: Duration = Duration::from_mins(1);

#[derive(Default)]
pub(crate) struct ChangeFeed {
    /// Order: a subscriber sets it before it reads shards, and a writer reads it after it has written to them. A
    /// writer that does not see it set was therefore in the shard before the subscriber.
    has_subscribers: AtomicBool,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    ids: VecDeque<TraceId>,
    /// The position of the first note.
    first: u64,
    subscribed_until: Timestamp,
}

/// Traces that have changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// Each trace once, in the order of its first change.
    pub ids: Vec<TraceId>,
    /// The position to continue from.
    pub next: u64,
    /// More changes follow that position.
    pub has_more: bool,
}

impl Notes {
    fn end(&self) -> u64 {
        self.first + self.ids.len() as u64
    }

    /// Removes all notes; positions that were handed out become invalid.
    fn clear(&mut self) {
        self.first = self.end() + 1;
        self.ids = VecDeque::new();
    }
}

impl ChangeFeed {
    /// Notes the traces of an inserted batch.
    #[inline]
    pub(crate) fn note(&self, runs: &[Run<'_>]) {
        if self.has_subscribers.load(Ordering::Acquire) {
            self.note_for_subscribers(runs);
        }
    }

    #[cold]
    fn note_for_subscribers(&self, runs: &[Run<'_>]) {
        let mut notes = self.notes.lock();
        notes.ids.extend(runs.iter().map(|run| run.trace_id));
        let too_many = notes.ids.len().saturating_sub(NOTES_MAX);
        notes.ids.drain(..too_many);
        notes.first += too_many as u64;
    }

    /// Makes every subscriber read everything again: spans are gone, which no note says.
    pub(crate) fn invalidate(&self) {
        self.notes.lock().clear();
    }

    /// Stops noting when there is no subscriber any more.
    pub(crate) fn stop_if_unused(&self, now: Timestamp) {
        if !self.has_subscribers.load(Ordering::Acquire) {
            return;
        }
        let mut notes = self.notes.lock();
        if notes.subscribed_until < now {
            self.has_subscribers.store(false, Ordering::Release);
            notes.clear();
        }
    }

    /// Subscribes. Returns a position: [`between`](Self::between) reports every later change that is not in a snapshot
    /// taken after this call.
    pub(crate) fn subscribe(&self, now: Timestamp) -> u64 {
        let mut notes = self.notes.lock();
        notes.subscribed_until = now.saturating_add(nanos(SUBSCRIPTION_MAX));
        self.has_subscribers.store(true, Ordering::Release);
        notes.end()
    }

    /// Returns the traces that got spans between two positions, at most `limit` of them. Returns `None` if the first
    /// position is no longer known, and the subscriber has to read everything again. (A trace that leaves the window is
    /// no change.)
    pub(crate) fn between(
        &self,
        (position, until): (u64, u64),
        limit: usize,
        now: Timestamp,
    ) -> Option<Changed> {
        let end = self.subscribe(now);
        let notes = self.notes.lock();
        if !(notes.first..=end).contains(&position) {
            return None;
        }
        let noted = usize::try_from(until.min(notes.end()).saturating_sub(position)).ok()?;
        let mut seen = HashSet::new();
        let mut changed = Changed { ids: Vec::new(), next: position, has_more: false };
        for &id in notes.ids.range(usize::try_from(position - notes.first).ok()?..).take(noted) {
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
