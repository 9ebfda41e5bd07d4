//! A batch goes into the open generation.

use hot::{Before, Hash, RootChange, Slot, WriteGuard};
use record::{Batch, Entry};
use span::{Timestamp, TraceId};

use crate::fault::Fault;
use crate::older::{Older, OlderRows};
use crate::store::Store;
use crate::view::View;

/// What became of the spans of a batch.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Inserted {
    pub(crate) stored: u64,
    pub(crate) repeated: u64,
}

/// A span on its way to a shard.
#[derive(Clone, Copy)]
pub(crate) struct Routed<'a> {
    pub(crate) shard: usize,
    pub(crate) hash: Hash,
    pub(crate) entry: Entry<'a>,
}

/// What is known about the batch in one view.
struct Prepared {
    older: OlderRows,
    /// The numbers that the origins of the batch have in the open generation.
    origins: Vec<u32>,
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
    /// Stores spans that are inside the window. Each shard that the batch touches is locked once.
    pub(crate) fn insert(&self, batch: &Batch<'_>) -> Inserted {
        let routed = self.route(batch);
        let mut view = self.views.current();
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
    fn route<'a>(&self, batch: &Batch<'a>) -> Vec<Routed<'a>> {
        let mut last: Option<(TraceId, Hash)> = None;
        let route = |entry: Entry<'a>| {
            let hash = match last {
                Some((id, hash)) if id == entry.trace_id => hash,
                _ => self.router.hash(entry.trace_id),
            };
            last = Some((entry.trace_id, hash));
            Routed { shard: self.router.shard(hash), hash, entry }
        };
        let mut routed: Vec<Routed<'_>> = batch.entries().map(route).collect();
        routed.sort_by_key(|routed| routed.shard);
        routed
    }

    /// Reads what segments know of these traces, before any shard is held.
    fn prepare(&self, view: &View, batch: &Batch<'_>, routed: &[Routed<'_>]) -> Prepared {
        let origins = view.open.intern(&batch.origins);
        loop {
            match OlderRows::read(view, &self.directory, routed) {
                Ok(older) => return Prepared { older, origins },
                // The view has one segment less then, and with that another epoch: the caller comes again.
                Err(fault) => self.set_aside(&fault),
            }
        }
    }
}

impl Target<'_> {
    fn insert(mut self, group: &[Routed<'_>], inserted: &mut Inserted) {
        for of_trace in group.chunk_by(|one, other| one.entry.trace_id == other.entry.trace_id) {
            let (slot, older) = self.place(&of_trace[0]);
            for routed in of_trace {
                let entry = routed.entry;
                let span_id = entry.record.span_id();
                let is_known = self.shard.contains(slot, span_id, self.cutoff)
                    || older.as_ref().is_some_and(|older| older.contains(span_id, self.cutoff));
                if is_known {
                    inserted.repeated += 1;
                    continue;
                }
                let origin = entry.record.origin().map(|number| self.prepared.origins[number as usize]);
                let older_root = older.as_ref().and_then(Older::root);
                let change = self.shard.push(slot, entry, origin, older_root);
                if let (RootChange::Smallest, Some(older)) = (change, &older) {
                    older.shadow();
                }
                inserted.stored += 1;
            }
        }
    }

    /// Where the trace is in the open generation, and what older ones have of it. A trace of which nothing is
    /// left in the window is forgotten, so that its id can begin again.
    fn place(&mut self, routed: &Routed<'_>) -> (Slot, Option<Older<'_>>) {
        let (hash, id) = (routed.hash, routed.entry.trace_id);
        let Some(slot) = self.shard.find(hash, id) else {
            let older = self.older(hash, id);
            let before = match &older {
                None => Before::Nothing,
                Some(older) if older.latest() < self.cutoff => Before::Over,
                Some(_) => Before::Pieces,
            };
            if let Some(older) = &older {
                older.share();
            }
            let older = older.filter(|_| before == Before::Pieces);
            return (self.shard.begin(hash, id, before), older);
        };
        let trace = self.shard.trace(slot).expect("it was just found");
        let (is_shared, begins, latest) = (trace.is_shared(), trace.begins(), trace.latest());
        let older = if is_shared && !begins { self.older(hash, id) } else { None };
        if latest >= self.cutoff || older.as_ref().is_some_and(|older| older.latest() >= self.cutoff) {
            return (slot, older);
        }
        self.shard.forget(hash, slot);
        let before = if is_shared { Before::Over } else { Before::Nothing };
        (self.shard.begin(hash, id, before), None)
    }

    fn older(&self, hash: Hash, id: TraceId) -> Option<Older<'_>> {
        Older::find(self.view, self.prepared.older.of(id), (self.number, hash, id))
    }
}
