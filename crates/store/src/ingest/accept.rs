//! Takes a batch: decides which spans are inside the window, logs them, and inserts them.

use std::cell::Cell;
use std::sync::Arc;

use record::{Batch, WindowStart, write_batch_within};
use span::{Span, Timestamp};
use wal::FRAME_BYTES_MAX;

use super::accepted::{Accepted, Refused};
use super::by_trace::by_trace;
use super::insert::{Inserted, Inserter};
use crate::clock::Now;
use crate::error::Overload;
use crate::ledger::Counters;
use crate::log::{SpanLog, generation_of};
use crate::maintenance::SpaceGate;
use crate::window::Window;

/// Limit: a buffer that grew larger than this is not kept for the next batch.
const KEPT_BUFFER_BYTES_MAX: usize = 1024 * 1024;

thread_local! {
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

pub(crate) struct Ingest {
    window: Arc<Window>,
    log: Arc<SpanLog>,
    counters: Arc<Counters>,
    inserter: Inserter,
    gate: SpaceGate,
}

impl Ingest {
    pub(crate) fn new(
        window: &Arc<Window>,
        log: &Arc<SpanLog>,
        counters: &Arc<Counters>,
        inserter: Inserter,
        gate: SpaceGate,
    ) -> Self {
        Self {
            window: Arc::clone(window),
            log: Arc::clone(log),
            counters: Arc::clone(counters),
            inserter,
            gate,
        }
    }

    /// Takes a batch. When this returns, every snapshot has the spans that are inside the window, and they are as
    /// durable as the settings ask. A span that is too large for the log is left out.
    ///
    /// # Errors
    /// If there is no space and none can be made, or the log cannot be written.
    pub(crate) fn accept(&self, batch: &[Span<'_>], now: Now) -> Result<Accepted, Refused> {
        let mut accepted = Accepted::default();
        let kept = self.check_and_keep(batch, now, &mut accepted);
        self.counters.add(&accepted);
        self.inserter.wake_if_generation_is_large();
        self.gate.wake_if_short();
        match kept {
            Ok(()) => Ok(accepted),
            Err(overload) => Err(Refused { overload, accepted }),
        }
    }

    fn check_and_keep(&self, batch: &[Span<'_>], now: Now, accepted: &mut Accepted) -> Result<(), Overload> {
        self.window.advance(now);
        self.gate.wait(now.time())?;
        let (start, latest) = (self.window.start(now), self.window.latest_accepted(now));
        let cutoff = start.cutoff;
        accepted.cutoff = cutoff;
        let (mut stale, mut ahead) = (0, 0);
        for span in batch {
            stale += u64::from(span.start < cutoff);
            ahead += u64::from(span.start > latest);
        }
        if stale + ahead < batch.len() as u64 {
            let is_inside = |span: &&Span<'_>| cutoff <= span.start && span.start <= latest;
            let spans = by_trace(self.inserter.router(), batch.iter().filter(is_inside));
            self.keep((now.time(), start), &spans, accepted)?;
        }
        // Order: after everything that may fail. The client sends a refused batch again, and these spans would be
        // counted twice.
        (accepted.stale, accepted.ahead) = (stale, ahead);
        Ok(())
    }

    fn keep(
        &self,
        (now, start): (Timestamp, WindowStart),
        spans: &[&Span<'_>],
        accepted: &mut Accepted,
    ) -> Result<(), Overload> {
        let mut payload = BUFFER.take();
        if !write_batch_within(FRAME_BYTES_MAX, &mut payload, start, spans) {
            drop(payload);
            return self.keep_in_parts((now, start), spans, accepted);
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

    /// Splits spans that do not fit into one frame of the log into two parts. Each part has to find space for itself.
    #[cold]
    fn keep_in_parts(
        &self,
        (now, start): (Timestamp, WindowStart),
        spans: &[&Span<'_>],
        accepted: &mut Accepted,
    ) -> Result<(), Overload> {
        if spans.len() < 2 {
            accepted.too_large += 1;
            return Ok(());
        }
        let (front, back) = spans.split_at(spans.len() / 2);
        for part in [front, back] {
            self.gate.wait(now)?;
            self.keep((now, start), part, accepted)?;
        }
        Ok(())
    }

    fn log_and_insert(&self, payload: &[u8]) -> Result<Inserted, Overload> {
        // Order: the log before memory. A crash in between repeats a batch; the reverse order would lose one.
        let logged = self.log.append(payload)?;
        let batch = Batch::parse(payload).expect("it was just written");
        let generation = logged.as_ref().map_or(0, |appended| generation_of(appended.file_number()));
        let inserted = self.inserter.insert(&batch, generation);
        // Order: after the spans are in memory. A generation is frozen when its log files are no longer in use.
        drop(logged);
        Ok(inserted)
    }
}
