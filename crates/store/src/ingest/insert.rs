//! Inserts a batch into the open generation.

use std::sync::Arc;

use hot::{Before, NumberedOperation, RootChange, Router, Slot, WriteGuard};
use platform::prefetch;
use record::{Batch, Record, Run};
use span::{Reporter, SpanId, Timestamp};

use super::earlier_pieces::{EarlierPieces, EarlierRows};
use super::routed::Routed;
use crate::catalog::Catalog;
use crate::change_feed::ChangeFeed;
use crate::disk_space::DiskSpace;
use crate::quarantine::Quarantine;
use crate::signal::Signal;
use crate::view::View;

/// How many spans of a batch were stored, and how many were duplicates.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Inserted {
    pub(crate) stored: u64,
    pub(crate) repeated: u64,
}

/// What is read for a batch, from one view, before any shard is held.
struct Prepared {
    earlier: EarlierRows,
    /// The operations of the batch, as the open generation knows them.
    operations: Vec<NumberedOperation>,
}

/// A shard that is held, and what its spans are checked against.
struct Target<'a> {
    view: &'a View,
    shard: WriteGuard<'a>,
    prepared: &'a Prepared,
    cutoff: Timestamp,
}

pub(crate) struct Inserter {
    catalog: Arc<Catalog>,
    quarantine: Arc<Quarantine>,
    signal: Arc<Signal>,
    changes: Arc<ChangeFeed>,
    space: Arc<DiskSpace>,
}

impl Inserter {
    pub(crate) fn new(
        space: &Arc<DiskSpace>,
        catalog: &Arc<Catalog>,
        quarantine: &Arc<Quarantine>,
        signal: &Arc<Signal>,
        changes: &Arc<ChangeFeed>,
    ) -> Self {
        Self {
            catalog: Arc::clone(catalog),
            quarantine: Arc::clone(quarantine),
            signal: Arc::clone(signal),
            changes: Arc::clone(changes),
            space: Arc::clone(space),
        }
    }

    pub(super) fn router(&self) -> &Router {
        self.catalog.router()
    }

    /// Wakes the worker if the open generation is large enough to be frozen.
    pub(super) fn wake_if_generation_is_large(&self) {
        if self.catalog.views().current().open().bytes() >= self.space.generation_bytes_max() {
            self.signal.call();
        }
    }

    /// Stores the spans of a batch that was checked against the window. Each shard is locked once. `generation` is
    /// the one whose log file has the batch. All of the spans must go into it, so that a start reads whole files or
    /// none.
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
                    let cutoff = batch.start.cutoff;
                    Target { view: &view, shard, prepared: &prepared, cutoff }.insert(group, &mut inserted);
                    break;
                }
                // Another view is current, so what was read of earlier generations may be out of date: a segment that
                // is only in the new view may have the first copy of a span. No span of this group is stored yet, so
                // the group is tried again.
                drop(shard);
                view = self.catalog.views().current();
                prepared = self.prepare(&view, batch, &routed);
            }
        }
        // Order: after the spans are in memory and before the client knows. A subscriber that reads after this sees
        // them, and one that read before gets the note.
        self.changes.note(batch.runs());
        inserted
    }

    /// Sorts the runs by shard. The sort is stable, so that the first one of two duplicates is stored.
    fn route<'a>(&self, batch: &'a Batch<'a>) -> Vec<Routed<'a>> {
        let router = self.catalog.router();
        let route = |run: &'a Run<'a>| {
            let hash = router.hash(run.trace_id);
            Routed { number: 0, shard: router.shard(hash), hash, run }
        };
        let mut routed: Vec<Routed<'_>> = batch.runs().iter().map(route).collect();
        // Mostly they are sorted already. A log may be from a process with another hash key.
        routed.sort_by_key(|routed| routed.shard);
        routed.iter_mut().zip(0..).for_each(|(routed, number)| routed.number = number);
        routed
    }

    /// Reads the rows of the batch's traces in segments, while no shard is held: this may read from the disk.
    ///
    /// A damaged segment is left out, and only reported. To take it out changes the view; that is left to
    /// maintenance, because the batch keeps its log file in use and a freeze waits for that.
    fn prepare(&self, view: &View, batch: &Batch<'_>, routed: &[Routed<'_>]) -> Prepared {
        let report = |damaged| self.quarantine.report(damaged);
        let read = || EarlierRows::read(view, self.catalog.directory(), (routed, batch.start.cutoff), report);
        let earlier = self.catalog.settled(read);
        Prepared { earlier, operations: view.open().intern(batch) }
    }
}

impl<'a> Target<'a> {
    fn insert(mut self, group: &[Routed<'_>], inserted: &mut Inserted) {
        // Each lookup is a cache miss; done for the whole group at once, the misses overlap.
        prefetch(group, |routed| self.shard.touch(routed.hash, routed.run.trace_id));
        for routed in group {
            let mut piece = self.piece(routed);
            for record in routed.run.records() {
                let operation = self.prepared.operations[record.operation() as usize];
                if self.is_known(&piece, (record.span_id(), operation.reporter)) {
                    inserted.repeated += 1;
                } else {
                    self.store(&mut piece, routed, (record, operation));
                    inserted.stored += 1;
                }
            }
        }
    }

    /// Whether the span is a duplicate.
    fn is_known(&self, piece: &OpenPiece<'_>, span: (SpanId, Reporter)) -> bool {
        piece.slot.is_some_and(|slot| self.shard.contains(slot, span, self.cutoff))
            || piece.earlier.as_ref().is_some_and(|earlier| earlier.contains(span, self.cutoff))
    }

    fn store(
        &mut self,
        piece: &mut OpenPiece<'_>,
        routed: &Routed<'_>,
        (record, operation): (Record<'_>, NumberedOperation),
    ) {
        let earlier_root = piece.earlier.as_ref().and_then(EarlierPieces::root);
        let slot = piece.slot.unwrap_or_else(|| {
            // Order: with the first span that is stored, because a piece of duplicates alone is never stored.
            if let Some(earlier) = &piece.earlier {
                earlier.mark_split();
            }
            self.shard.begin(routed.hash, routed.run.trace_id, piece.before)
        });
        piece.slot = Some(slot);
        let change = self.shard.push(slot, record, operation, earlier_root);
        if let (RootChange::Smallest, Some(earlier)) = (change, &piece.earlier) {
            // Order: while the shard is held, so that no snapshot lists the trace twice or not at all.
            earlier.supersede_roots();
        }
    }

    /// Finds the pieces of the trace. If all of them are outside of the window, the trace is over: it is forgotten,
    /// so that its id can begin another trace.
    fn piece(&mut self, routed: &Routed<'_>) -> OpenPiece<'a> {
        let (hash, id) = (routed.hash, routed.run.trace_id);
        let Some(slot) = self.shard.find(hash, id) else {
            return self.first_piece(routed);
        };
        let trace = self.shard.trace(slot).expect("it was just found");
        let (is_split, begins, latest) = (trace.is_split(), trace.begins(), trace.latest());
        // Only a split trace has earlier pieces. If it begins here, they belong to an earlier trace with the same id.
        let earlier = if is_split && !begins { self.earlier(routed) } else { None };
        let goes_on = latest >= self.cutoff || earlier.as_ref().is_some_and(EarlierPieces::is_in_window);
        if goes_on {
            return OpenPiece { slot: Some(slot), before: Before::Pieces, earlier };
        }
        self.shard.forget(hash, slot);
        // If earlier generations have the id, the new piece has to say that their spans are not its own.
        let before = if is_split { Before::Over } else { Before::Nothing };
        OpenPiece { slot: None, before, earlier: None }
    }

    fn first_piece(&self, routed: &Routed<'_>) -> OpenPiece<'a> {
        match self.earlier(routed) {
            None => OpenPiece { slot: None, before: Before::Nothing, earlier: None },
            Some(earlier) if !earlier.is_in_window() => {
                // The marks tell eviction that the rows with this id may belong to different traces.
                earlier.mark_split();
                OpenPiece { slot: None, before: Before::Over, earlier: None }
            }
            earlier => OpenPiece { slot: None, before: Before::Pieces, earlier },
        }
    }

    fn earlier(&self, routed: &Routed<'_>) -> Option<EarlierPieces<'a>> {
        EarlierPieces::find(self.view, self.prepared.earlier.of(routed.number), routed, self.cutoff)
    }
}

/// The piece of a trace in the open generation. It begins with the first span that is stored.
struct OpenPiece<'a> {
    slot: Option<Slot>,
    before: Before,
    /// The pieces in earlier generations.
    earlier: Option<EarlierPieces<'a>>,
}
