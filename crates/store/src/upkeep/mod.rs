//! What goes on behind the requests: generations are frozen, sealed and merged, and what the window has
//! passed leaves. One thread at a time; every step can also be taken by itself, so that a test owns the order.

mod evict;
mod freeze;
mod logs;
mod merge;
mod publish;
mod rewrite;
mod room;
mod seal;
mod set_aside;
mod shed;
mod trouble;
mod uncover;
mod worker;

use std::io;

use span::Timestamp;

use crate::store::Store;
pub(crate) use logs::{Replayed, generation_of, log_number};
pub(crate) use publish::is_draft;
pub(crate) use set_aside::DAMAGED_SUFFIX;
pub use trouble::Health;
pub(crate) use trouble::Trouble;
pub(crate) use worker::Wake;
pub use worker::Worker;

/// What only upkeep knows. Whoever holds it may change the view.
#[derive(Default)]
pub(crate) struct Upkeep {
    /// Files of the log that were read at the start, and whether they were whole.
    pub(crate) replayed: Vec<Replayed>,
    /// The last slot that was given to a segment.
    pub(crate) last_slot: u16,
    /// Files of segments that nobody needs and that could not be removed yet.
    pub(crate) leftovers: Vec<String>,
    /// The earliest edge that spans of a sealed generation were judged by whose log files may still be there at a
    /// start.
    pub(crate) logged_from: Option<Timestamp>,
    /// Files were removed, and a power cut could bring them back.
    pub(crate) has_unsynced_removals: bool,
}

impl Store {
    /// Does all that is due.
    pub fn maintain(&self, now: Timestamp) {
        let mut upkeep = self.upkeep.lock();
        self.set_reported_aside(&mut upkeep);
        self.evict_with(&mut upkeep, now);
        if self.is_freeze_due(now) {
            self.freeze_with(&mut upkeep, now);
        }
        self.seal_frozen(&mut upkeep);
        while self.merge_with(&mut upkeep) {}
        self.bound_memory(&mut upkeep, now);
        self.bound_disk(&mut upkeep, now);
        self.clean_up(&mut upkeep);
        self.changes.rest(now);
    }

    /// Gives back what nobody needs any more: log files, and what past views have held.
    fn clean_up(&self, upkeep: &mut Upkeep) {
        self.remove_logs(upkeep);
        match self.remove_leftovers(upkeep, "").and_then(|()| self.sync_removals(upkeep)) {
            Ok(()) if upkeep.logged_from.is_none() => self.trouble.removals_are_well(),
            Ok(()) => {}
            Err(error) => self.trouble.removal_failed(&format!("what has left cannot be removed: {error}")),
        }
        let unused = self.views.take_unused();
        self.directory.forget(unused.iter().map(|unit| (unit.slot, unit.segment.meta().traces)));
    }

    /// Makes sure that what was removed stays away. Otherwise files that are removed one after the other could come
    /// back in any order: an early one without the later one that stood for it.
    fn sync_removals(&self, upkeep: &mut Upkeep) -> io::Result<()> {
        if upkeep.has_unsynced_removals {
            self.disk.sync_folder()?;
            upkeep.has_unsynced_removals = false;
        }
        Ok(())
    }
}
