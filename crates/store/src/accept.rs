//! Accept a batch.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use record::{Batch, write_batch_within};
use span::{Span, Timestamp};
use wal::{Appended, FRAME_BYTES_MAX};

use crate::error::Overload;
use crate::insert::Inserted;
use crate::store::Store;
use crate::upkeep::generation_of;

/// Limit: a buffer that had to grow beyond this is not kept for the next batch.
const KEPT_BUFFER_BYTES_MAX: usize = 1024 * 1024;

thread_local! {
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// What became of the spans of a batch.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Accepted {
    pub stored: u64,
    pub repeated: u64,
    pub stale: u64,
    pub ahead: u64,
    /// Larger than a frame of the log: they are never taken.
    pub too_large: u64,
    /// The edge of the window that the batch was judged by.
    pub cutoff: Timestamp,
}

impl Accepted {
    /// All spans of which it is known what became.
    pub fn total(&self) -> u64 {
        self.stored + self.repeated + self.stale + self.ahead + self.too_large
    }
}

/// A batch was not taken, or not to its end.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{overload}")]
pub struct Refused {
    pub overload: Overload,
    /// Of a batch that is larger than a frame of the log, what had become of the first spans by then. The same batch may
    /// come again: those that are stored are repeated then.
    pub accepted: Accepted,
}

/// Whether a span can be kept at all: by itself in a frame of the log.
pub fn fits(span: &Span<'_>) -> bool {
    write_batch_within(FRAME_BYTES_MAX, &mut Vec::new(), Timestamp::MIN, &[span])
}

impl Store {
    /// Takes a batch: what is inside the window is in every answer that begins after this returns, and is
    /// kept as the durability says. A span that is too large for that is left out.
    ///
    /// # Errors
    /// Where there is no room and none can be made, or the log cannot be written.
    pub fn accept(&self, batch: &[Span<'_>], now: Timestamp) -> Result<Accepted, Refused> {
        let mut accepted = Accepted::default();
        let kept = self.judge_and_keep(batch, now, &mut accepted);
        self.count(accepted);
        self.wake_if_due();
        match kept {
            Ok(()) => Ok(accepted),
            Err(overload) => Err(Refused { overload, accepted }),
        }
    }

    fn judge_and_keep(
        &self,
        batch: &[Span<'_>],
        now: Timestamp,
        accepted: &mut Accepted,
    ) -> Result<(), Overload> {
        self.make_room(now)?;
        accepted.cutoff = self.window.cutoff(now);
        let (cutoff, latest) = (accepted.cutoff, self.window.latest_accepted(now));
        let (mut stale, mut ahead) = (0, 0);
        for span in batch {
            stale += u64::from(span.start < cutoff);
            ahead += u64::from(span.start > latest);
        }
        if stale + ahead < batch.len() as u64 {
            let is_inside = |span: &&Span<'_>| cutoff <= span.start && span.start <= latest;
            self.keep(now, &self.by_trace(batch.iter().filter(is_inside)), accepted)?;
        }
        // Order: behind what may fail, because all but what is stored comes again then.
        (accepted.stale, accepted.ahead) = (stale, ahead);
        Ok(())
    }

    /// The spans of each trace one behind the other, as they came, and the traces of a shard, too: senders order spans by
    /// service. What is done for each trace is done once then, and its records lie side by side in memory.
    fn by_trace<'a>(&self, spans: impl Iterator<Item = &'a Span<'a>>) -> Vec<&'a Span<'a>> {
        let mut keyed: Vec<(u64, &Span<'_>)> = Vec::with_capacity(spans.size_hint().1.unwrap_or_default());
        for span in spans {
            let key = match keyed.last() {
                Some((key, before)) if before.trace_id == span.trace_id => *key,
                _ => self.router.order(self.router.hash(span.trace_id)),
            };
            keyed.push((key, span));
        }
        keyed.sort_by_key(|&(key, _)| key);
        keyed.into_iter().map(|(_, span)| span).collect()
    }

    fn keep(&self, now: Timestamp, spans: &[&Span<'_>], accepted: &mut Accepted) -> Result<(), Overload> {
        let mut payload = BUFFER.take();
        if !write_batch_within(FRAME_BYTES_MAX, &mut payload, accepted.cutoff, spans) {
            drop(payload);
            return self.keep_halves(now, spans, accepted);
        }
        let inserted = self.log_and_insert(&payload);
        if payload.capacity() <= KEPT_BUFFER_BYTES_MAX {
            BUFFER.set(payload);
        }
        let Inserted { stored, repeated } = inserted?;
        accepted.stored += stored;
        accepted.repeated += repeated;
        Ok(())
    }

    /// What does not fit into a frame of the log goes into two, each of which has to find room for itself.
    #[cold]
    fn keep_halves(
        &self,
        now: Timestamp,
        spans: &[&Span<'_>],
        accepted: &mut Accepted,
    ) -> Result<(), Overload> {
        if spans.len() < 2 {
            accepted.too_large += 1;
            return Ok(());
        }
        let (front, back) = spans.split_at(spans.len() / 2);
        for half in [front, back] {
            self.make_room(now)?;
            self.keep(now, half, accepted)?;
        }
        Ok(())
    }

    fn log_and_insert(&self, payload: &[u8]) -> Result<Inserted, Overload> {
        // Order: the log before memory. A crash between them repeats a batch; the reverse would lose one.
        let logged = self.append_to_log(payload)?;
        let batch = Batch::parse(payload).expect("it was just written");
        let generation = logged.as_ref().map_or(0, |appended| generation_of(appended.file_number()));
        let inserted = self.insert(&batch, generation);
        self.changes.note(batch.runs());
        // Order: a generation is frozen when nobody holds its files any more, so not before the spans are in it.
        drop(logged);
        Ok(inserted)
    }

    fn append_to_log(&self, payload: &[u8]) -> Result<Option<Appended>, Overload> {
        let Some(log) = &self.log else { return Ok(None) };
        match log.append(payload) {
            Ok(appended) => {
                self.trouble.log_is_well();
                Ok(Some(appended))
            }
            Err(error) => {
                self.trouble.log_failed(&error);
                Err(Overload::Log(error.to_string()))
            }
        }
    }

    fn count(&self, accepted: Accepted) {
        let add = |counter: &AtomicU64, spans: u64| {
            if spans > 0 {
                counter.fetch_add(spans, Ordering::Relaxed);
            }
        };
        add(&self.counters.stored, accepted.stored);
        add(&self.counters.repeated, accepted.repeated);
        add(&self.counters.stale, accepted.stale);
        add(&self.counters.ahead, accepted.ahead);
    }
}
