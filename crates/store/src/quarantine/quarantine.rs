//! Takes damaged segments out of the view, quarantines their files, and restores the roots that they superseded.
//!
//! A question that meets damage only takes the segment out of the view, which is a swap of pointers. Maintenance does
//! the rest, so that only one thread touches the files of segments.

use std::io;
use std::sync::Arc;

use sync::Mutex;

use super::damaged_files::DamagedFiles;
use super::restore_roots::restore_roots;
use crate::catalog::Catalog;
use crate::change_feed::ChangeFeed;
use crate::health::HealthState;
use crate::signal::Signal;
use crate::view::{DamagedSegment, LiveSegment};

/// Limit: reports that wait. A report beyond it is made again when the segment is read again.
const REPORTS_MAX: usize = 64;

/// A segment that is in no later view, and whose file still has its name.
struct TakenOut {
    segment: Arc<LiveSegment>,
    /// An operator has been told that the file cannot be renamed.
    has_warned: bool,
}

pub(crate) struct Quarantine {
    catalog: Arc<Catalog>,
    files: Arc<DamagedFiles>,
    health: Arc<HealthState>,
    signal: Arc<Signal>,
    changes: Arc<ChangeFeed>,
    /// Damaged segments that maintenance has to take out.
    reports: Mutex<Vec<DamagedSegment>>,
    /// Each segment once, so there are no more than there were segments.
    taken_out: Mutex<Vec<TakenOut>>,
}

impl Quarantine {
    pub(crate) fn new(
        catalog: &Arc<Catalog>,
        files: &Arc<DamagedFiles>,
        health: &Arc<HealthState>,
        signal: &Arc<Signal>,
        changes: &Arc<ChangeFeed>,
    ) -> Self {
        Self {
            catalog: Arc::clone(catalog),
            files: Arc::clone(files),
            health: Arc::clone(health),
            signal: Arc::clone(signal),
            changes: Arc::clone(changes),
            reports: Mutex::default(),
            taken_out: Mutex::default(),
        }
    }

    /// Takes the whole segment out of the view, for all later snapshots: after one damaged block, the others are not
    /// trusted either. Until maintenance has restored the roots that it superseded, snapshots say that they lack a
    /// segment.
    pub(crate) fn take_out(&self, damaged: &DamagedSegment) {
        let segment = damaged.segment();
        let was_in_view =
            self.catalog.views().change(|view| view.contains(segment).then(|| view.without_damaged(segment)));
        if !was_in_view {
            return;
        }
        self.taken_out.lock().push(TakenOut { segment: Arc::clone(segment), has_warned: false });
        self.signal.call();
        self.health.found_damage(&segment.file_name(), damaged.damage());
    }

    /// Leaves the segment to maintenance. A writer calls this, because a freeze would wait for its batch.
    pub(crate) fn report(&self, damaged: DamagedSegment) {
        let mut reports = self.reports.lock();
        let is_known = reports.iter().any(|known| Arc::ptr_eq(known.segment(), damaged.segment()));
        if !is_known && reports.len() < REPORTS_MAX {
            reports.push(damaged);
        }
        drop(reports);
        self.signal.call();
    }

    /// Takes out the segments that were reported, renames the files of all that were taken out, and restores roots.
    /// Only maintenance calls this.
    pub(crate) fn finish(&self) {
        let reports = std::mem::take(&mut *self.reports.lock());
        for damaged in &reports {
            self.take_out(damaged);
        }
        self.rename_files();
        self.restore_roots();
    }

    fn rename_files(&self) {
        let taken_out = std::mem::take(&mut *self.taken_out.lock());
        let failed = taken_out.into_iter().filter_map(|taken_out| self.rename_file(taken_out));
        let failed: Vec<_> = failed.collect();
        self.taken_out.lock().extend(failed);
    }

    /// Returns the segment if its file has to be renamed later.
    fn rename_file(&self, TakenOut { segment, has_warned }: TakenOut) -> Option<TakenOut> {
        let name = segment.file_name();
        let renamed = self.files.keep(&name, segment.file().meta().bytes);
        match renamed.and_then(|()| self.files.sync_folder()) {
            // A rewrite of the segment, which read all of it, had replaced the file before.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                if !has_warned {
                    tracing::warn!(%error, name, "a damaged file cannot be renamed; maintenance tries again");
                }
                Some(TakenOut { segment, has_warned: true })
            }
            Ok(()) => None,
        }
    }

    fn restore_roots(&self) {
        let views = self.catalog.views();
        while views.current().unrestored() > 0 {
            let taken_out = views.current().taken_out();
            let also_damaged = restore_roots(&self.catalog);
            if also_damaged.is_empty() {
                views.change(|view| Some(view.with_restored(taken_out)));
                // Order: after roots were restored. Subscribers read everything again now: spans are gone, and roots
                // are there that were not.
                self.changes.invalidate();
            }
            // Each of them is one segment less in the view, so this ends.
            for damaged in &also_damaged {
                self.take_out(damaged);
            }
        }
    }
}
