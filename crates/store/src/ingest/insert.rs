//! Puts a batch into the open generation.

use std::sync::Arc;

use hot::{Before, Hash, RootChange, Router, Slot, WriteGuard};
use platform::prefetch;
use record::{Batch, Record, Run};
use span::{Timestamp, TraceId};

use super::earlier_pieces::{EarlierPieces, EarlierRows};
use super::routed::Routed;
use crate::catalog::Catalog;
use crate::quarantine::Quarantine;
use crate::settings::Settings;
use crate::signal::Signal;
use crate::view::View;

/// What became of the spans of a batch.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Inserted {
    pub(crate) stored: u64,
    pub(crate) repeated: u64,
}

/// What is read for a batch, in one view, before any shard is held.
struct Prepared {
    earlier: EarlierRows,
    /// The numbers that the operations of the batch have in the open generation.
    operations: Vec<u32>,
}

/// A shard that is held, and what its spans are checked against.
struct Target<'a> {
    view: &'a View,
    number: usize,
    shard: WriteGuard<'a>,
    prepared: &'a Prepared,
    cutoff: Timestamp,
}

pub(crate) struct Inserter {
    catalog: Arc<Catalog>,
    quarantine: Arc<Quarantine>,
    signal: Arc<Signal>,
    generation_bytes_max: usize,
}

impl Inserter {
    pub(crate) fn new(
        settings: &Settings,
        catalog: &Arc<Catalog>,
        quarantine: &Arc<Quarantine>,
        signal: &Arc<Signal>,
    ) -> Self {
        Self {
            catalog: Arc::clone(catalog),
            quarantine: Arc::clone(quarantine),
            signal: Arc::clone(signal),
            generation_bytes_max: settings.generation_bytes_max(),
        }
    }

    pub(super) fn router(&self) -> &Router {
        self.catalog.router()
    }

    /// Wakes the worker when it is time to freeze the open generation.
    pub(super) fn wake_if_generation_is_large(&self) {
        if self.catalog.views().current().open().bytes() >= self.generation_bytes_max {
            self.signal.call();
        }
    }

    /// Stores spans that are inside the window. Each shard that the batch touches is locked once. `generation` is the one
    /// whose log has the batch: it, and no other, takes all of the spans.
    pub(crate) fn insert(&self, batch: &Batch<'_>, generation: u64) -> Inserted {
        let routed = self.route(batch);
        let mut view = self.catalog.views().with_open(generation);
        let mut prepared = self.prepare(&view, batch, &routed);
        let mut inserted = Inserted::default();
        for group in routed.chunk_by(|one, other| one.shard == other.shard) {
            let number = group[0].shard;
            loop {
                let shard = view.open().write(number);
                if shard.epoch == view.epoch() {
                    let cutoff = batch.cutoff;
                    Target { view: &view, number, shard, prepared: &prepared, cutoff }
                        .insert(group, &mut inserted);
                    break;
                }
                // The view has changed since it was taken, so what was read of earlier generations may be out of date:
                // a duplicate could lie in a segment that is not in it. Nothing of this group is stored yet.
                drop(shard);
                view = self.catalog.views().current();
                prepared = self.prepare(&view, batch, &routed);
            }
        }
        inserted
    }

    /// By shard; the spans of a trace stay in their order, so that of two duplicates the first one stays.
    fn route<'a>(&self, batch: &'a Batch<'a>) -> Vec<Routed<'a>> {
        let router = self.catalog.router();
        let route = |run: &'a Run<'a>| {
            let hash = router.hash(run.trace_id);
            Routed { shard: router.shard(hash), hash, run }
        };
        let mut routed: Vec<Routed<'_>> = batch.runs().iter().map(route).collect();
        // Mostly they are in this order already; a log may be from a process with another hash key.
        routed.sort_by_key(|routed| routed.shard);
        routed
    }

    /// Reads what segments know of the batch's traces. A damaged segment knows nothing. It is reported, not taken out
    /// here: the batch holds its log file, and a freeze waits for that.
    fn prepare(&self, view: &View, batch: &Batch<'_>, routed: &[Routed<'_>]) -> Prepared {
        let report = |damaged| self.quarantine.report(damaged);
        let earlier = EarlierRows::read(view, self.catalog.directory(), routed, report);
        Prepared { earlier, operations: view.open().intern(batch) }
    }
}

impl<'a> Target<'a> {
    fn insert(mut self, group: &[Routed<'_>], inserted: &mut Inserted) {
        prefetch(group, |routed| self.shard.touch(routed.hash, routed.run.trace_id));
        for routed in group {
            let mut piece = self.piece(routed);
            for record in routed.run.records() {
                if self.is_known(&piece, record) {
                    inserted.repeated += 1;
                } else {
                    self.store(&mut piece, routed, record);
                    inserted.stored += 1;
                }
            }
        }
    }

    /// Whether the span is a duplicate.
    fn is_known(&self, piece: &OpenPiece<'_>, record: Record<'_>) -> bool {
        let (id, side, cutoff) = (record.span_id(), record.side(), self.cutoff);
        let is_it = |known: Record<'_>| !known.side().is_other_half_of(side);
        piece.slot.is_some_and(|slot| self.shard.with_id(slot, id, cutoff).any(is_it))
            || piece.earlier.as_ref().is_some_and(|earlier| earlier.contains((id, side), cutoff))
    }

    fn store(&mut self, piece: &mut OpenPiece<'_>, routed: &Routed<'_>, record: Record<'_>) {
        let earlier_root = piece.earlier.as_ref().and_then(EarlierPieces::root);
        let slot = piece.slot.unwrap_or_else(|| {
            if let Some(earlier) = &piece.earlier {
                earlier.mark_split();
            }
            self.shard.begin(routed.hash, routed.run.trace_id, piece.before)
        });
        piece.slot = Some(slot);
        let operation = self.prepared.operations[record.operation() as usize];
        let change = self.shard.push(slot, record, operation, earlier_root);
        if let (RootChange::Smallest, Some(earlier)) = (change, &piece.earlier) {
            // Order: while the shard is held, so that no snapshot lists the trace twice or not at all.
            earlier.supersede_roots();
        }
    }

    /// What the open generation and earlier ones have of the trace. Where all of it has left the window, the trace is
    /// over: it is forgotten, so that its id can begin another trace.
    fn piece(&mut self, routed: &Routed<'_>) -> OpenPiece<'a> {
        let (hash, id) = (routed.hash, routed.run.trace_id);
        let Some(slot) = self.shard.find(hash, id) else {
            return self.first_piece(hash, id);
        };
        let trace = self.shard.trace(slot).expect("it was just found");
        let (is_split, begins, latest) = (trace.is_split(), trace.begins(), trace.latest());
        // A piece that begins a trace has none before it that belong to the same trace.
        let earlier = if is_split && !begins { self.earlier(hash, id) } else { None };
        let goes_on =
            latest >= self.cutoff || earlier.as_ref().is_some_and(|earlier| earlier.latest() >= self.cutoff);
        if goes_on {
            return OpenPiece { slot: Some(slot), before: Before::Pieces, earlier };
        }
        self.shard.forget(hash, slot);
        let before = if is_split { Before::Over } else { Before::Nothing };
        OpenPiece { slot: None, before, earlier: None }
    }

    fn first_piece(&self, hash: Hash, id: TraceId) -> OpenPiece<'a> {
        match self.earlier(hash, id) {
            None => OpenPiece { slot: None, before: Before::Nothing, earlier: None },
            Some(earlier) if earlier.latest() < self.cutoff => {
                // The marks tell an eviction that rows of this id may belong to different traces.
                earlier.mark_split();
                OpenPiece { slot: None, before: Before::Over, earlier: None }
            }
            earlier => OpenPiece { slot: None, before: Before::Pieces, earlier },
        }
    }

    fn earlier(&self, hash: Hash, id: TraceId) -> Option<EarlierPieces<'a>> {
        EarlierPieces::find(self.view, self.prepared.earlier.of(id), (self.number, hash, id))
    }
}

/// The piece of a trace in the open generation. It begins with the first span that is stored.
struct OpenPiece<'a> {
    slot: Option<Slot>,
    before: Before,
    /// The pieces of the trace in earlier generations.
    earlier: Option<EarlierPieces<'a>>,
}
