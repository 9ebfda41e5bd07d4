//! A batch goes into the open generation.

use hot::{Before, Hash, RootChange, Slot, WriteGuard};
use record::{Batch, Record, Run};
use span::{Timestamp, TraceId};

use crate::older::{Older, OlderRows};
use crate::store::Store;
use crate::view::View;

/// What became of the spans of a batch.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Inserted {
    pub(crate) stored: u64,
    pub(crate) repeated: u64,
}

/// Spans of one trace on their way to a shard.
#[derive(Clone, Copy)]
pub(crate) struct Routed<'a> {
    pub(crate) shard: usize,
    pub(crate) hash: Hash,
    pub(crate) run: &'a Run<'a>,
}

/// What is known about the batch in one view.
struct Prepared {
    older: OlderRows,
    /// The numbers that the operations of the batch have in the open generation.
    operations: Vec<u32>,
}

/// A shard that is held, and what its spans are judged by.
struct Target<'a> {
    view: &'a View,
    number: usize,
    shard: WriteGuard<'a>,
    prepared: &'a Prepared,
    cutoff: Timestamp,
}

impl Store {
    /// Stores spans that are inside the window. Each shard that the batch touches is locked once. `generation`
    /// is the one whose log has the batch: it, and no other, takes all of the spans.
    pub(crate) fn insert(&self, batch: &Batch<'_>, generation: u64) -> Inserted {
        let routed = self.route(batch);
        let mut view = self.views.with_open(generation);
        let mut prepared = self.prepare(&view, batch, &routed);
        let mut inserted = Inserted::default();
        for group in routed.chunk_by(|one, other| one.shard == other.shard) {
            let number = group[0].shard;
            loop {
                let shard = view.open.write(number);
                if shard.epoch == view.epoch {
                    let cutoff = batch.cutoff;
                    Target { view: &view, number, shard, prepared: &prepared, cutoff }
                        .insert(group, &mut inserted);
                    break;
                }
                // Something was frozen, sealed or evicted: what was read of older generations is out of date.
                drop(shard);
                view = self.views.current();
                prepared = self.prepare(&view, batch, &routed);
            }
        }
        inserted
    }

    /// By shard; the spans of a trace stay in their order, so that of two equal ids the first one stays.
    fn route<'a>(&self, batch: &'a Batch<'a>) -> Vec<Routed<'a>> {
        let route = |run: &'a Run<'a>| {
            let hash = self.router.hash(run.trace_id);
            Routed { shard: self.router.shard(hash), hash, run }
        };
        let mut routed: Vec<Routed<'_>> = batch.runs().iter().map(route).collect();
        // Mostly they are in this order already; a log may be of a process with another key.
        routed.sort_by_key(|routed| routed.shard);
        routed
    }

    /// Reads what segments know of these traces, before any shard is held. A damaged one knows nothing: it is
    /// set aside soon, but not by who has a batch in its hands, for which a freeze would wait.
    fn prepare(&self, view: &View, batch: &Batch<'_>, routed: &[Routed<'_>]) -> Prepared {
        let older = OlderRows::read(view, &self.directory, routed, |fault| self.report(fault));
        Prepared { older, operations: view.open.intern(batch) }
    }
}

impl<'a> Target<'a> {
    fn insert(mut self, group: &[Routed<'_>], inserted: &mut Inserted) {
        // Every trace is far away in memory. Looked up in a row without waiting, they come together.
        let touched =
            group.iter().fold(0, |sum, routed| sum ^ self.shard.touch(routed.hash, routed.run.trace_id));
        std::hint::black_box(touched);
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

    /// Whether the span came before.
    fn is_known(&self, piece: &OpenPiece<'_>, record: Record<'_>) -> bool {
        let (id, side, cutoff) = (record.span_id(), record.side(), self.cutoff);
        let is_it = |known: Record<'_>| !known.side().is_other_half_of(side);
        piece.slot.is_some_and(|slot| self.shard.with_id(slot, id, cutoff).any(is_it))
            || piece.older.as_ref().is_some_and(|older| older.contains((id, side), cutoff))
    }

    fn store(&mut self, piece: &mut OpenPiece<'_>, routed: &Routed<'_>, record: Record<'_>) {
        let older_root = piece.older.as_ref().and_then(Older::root);
        let slot = piece.slot.unwrap_or_else(|| {
            if let Some(older) = &piece.older {
                older.mark_split();
            }
            self.shard.begin(routed.hash, routed.run.trace_id, piece.before)
        });
        piece.slot = Some(slot);
        let operation = self.prepared.operations[record.operation() as usize];
        let change = self.shard.push(slot, record, operation, older_root);
        if let (RootChange::Smallest, Some(older)) = (change, &piece.older) {
            older.supersede();
        }
    }

    /// What the open generation and older ones have of the trace. One of which nothing is left in the window
    /// is forgotten, so that its id can begin again.
    fn piece(&mut self, routed: &Routed<'_>) -> OpenPiece<'a> {
        let (hash, id) = (routed.hash, routed.run.trace_id);
        let Some(slot) = self.shard.find(hash, id) else {
            return self.first_piece(hash, id);
        };
        let trace = self.shard.trace(slot).expect("it was just found");
        let (is_split, begins, latest) = (trace.is_split(), trace.begins(), trace.latest());
        let older = if is_split && !begins { self.older(hash, id) } else { None };
        if latest >= self.cutoff || older.as_ref().is_some_and(|older| older.latest() >= self.cutoff) {
            return OpenPiece { slot: Some(slot), before: Before::Pieces, older };
        }
        self.shard.forget(hash, slot);
        OpenPiece { slot: None, before: if is_split { Before::Over } else { Before::Nothing }, older: None }
    }

    fn first_piece(&self, hash: Hash, id: TraceId) -> OpenPiece<'a> {
        match self.older(hash, id) {
            None => OpenPiece { slot: None, before: Before::Nothing, older: None },
            Some(older) if older.latest() < self.cutoff => {
                older.mark_split();
                OpenPiece { slot: None, before: Before::Over, older: None }
            }
            older => OpenPiece { slot: None, before: Before::Pieces, older },
        }
    }

    fn older(&self, hash: Hash, id: TraceId) -> Option<Older<'a>> {
        Older::find(self.view, self.prepared.older.of(id), (self.number, hash, id))
    }
}

/// The piece of a trace in the open generation, which is begun with the first span that is stored.
struct OpenPiece<'a> {
    slot: Option<Slot>,
    before: Before,
    /// Pieces of the same trace in older generations.
    older: Option<Older<'a>>,
}
