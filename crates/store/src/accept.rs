//! Accept a batch.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use record::{Batch, write_batch};
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

/// What became of the spans of a batch that was taken.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Accepted {
    pub stored: u64,
    pub repeated: u64,
    pub stale: u64,
    pub ahead: u64,
    /// The edge of the window that the batch was judged by.
    pub cutoff: Timestamp,
}

impl Store {
    /// Takes a batch: what is inside the window is in every answer that begins after this returns, and is
    /// kept as the durability says.
    ///
    /// # Errors
    /// Where there is no room and none can be made, or the log cannot be written; then nothing of the batch is
    /// stored.
    pub fn accept(&self, batch: &[Span<'_>], now: Timestamp) -> Result<Accepted, Overload> {
        self.make_room(now)?;
        let cutoff = self.window.cutoff(now);
        let latest = self.window.latest_accepted(now);
        let mut accepted = Accepted { cutoff, ..Accepted::default() };
        for span in batch {
            accepted.stale += u64::from(span.start < cutoff);
            accepted.ahead += u64::from(span.start > latest);
        }
        if accepted.stale + accepted.ahead < batch.len() as u64 {
            let is_inside = |span: &&Span<'_>| cutoff <= span.start && span.start <= latest;
            let inserted = self.keep(cutoff, &self.by_trace(batch.iter().filter(is_inside)))?;
            accepted.stored = inserted.stored;
            accepted.repeated = inserted.repeated;
        }
        self.count(accepted);
        self.wake_if_due();
        Ok(accepted)
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

    fn keep(&self, cutoff: Timestamp, spans: &[&Span<'_>]) -> Result<Inserted, Overload> {
        let mut payload = BUFFER.take();
        write_batch(&mut payload, cutoff, spans);
        let result = if payload.len() <= FRAME_BYTES_MAX {
            self.log_and_insert(&payload)
        } else {
            self.keep_halves(cutoff, spans, payload.len())
        };
        if payload.capacity() <= KEPT_BUFFER_BYTES_MAX {
            BUFFER.set(payload);
        }
        result
    }

    /// What does not fit into a frame of the log goes into two.
    #[cold]
    fn keep_halves(
        &self,
        cutoff: Timestamp,
        spans: &[&Span<'_>],
        bytes: usize,
    ) -> Result<Inserted, Overload> {
        if spans.len() < 2 {
            return Err(Overload::SpanTooLarge { bytes, limit: FRAME_BYTES_MAX });
        }
        let (front, back) = spans.split_at(spans.len() / 2);
        let (front, back) = (self.keep(cutoff, front)?, self.keep(cutoff, back)?);
        Ok(Inserted { stored: front.stored + back.stored, repeated: front.repeated + back.repeated })
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
