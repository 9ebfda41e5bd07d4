//! Takes a damaged segment out of the view and renames its file.
//!
//! A question that meets damage does this itself. It takes no lock that maintenance holds during I/O: the view
//! changes by a swap of pointers, and the thread that made the change renames the file without any lock.

use std::sync::Arc;

use platform::disk::Disk;
use sync::Mutex;

use super::restore_roots::restore_roots;
use crate::catalog::Catalog;
use crate::health::HealthState;
use crate::read::ChangeFeed;
use crate::signal::Signal;
use crate::view::DamagedSegment;

/// The suffix of a damaged file.
pub(crate) const DAMAGED_SUFFIX: &str = ".damaged";

/// Limit: reports that wait. A report beyond it is made again when the segment is read again.
const REPORTS_MAX: usize = 64;

pub(crate) struct Quarantine {
    catalog: Arc<Catalog>,
    disk: Arc<dyn Disk>,
    health: Arc<HealthState>,
    signal: Arc<Signal>,
    changes: Arc<ChangeFeed>,
    /// Damaged segments that maintenance has to take out.
    reports: Mutex<Vec<DamagedSegment>>,
}

impl Quarantine {
    pub(crate) fn new(
        catalog: &Arc<Catalog>,
        disk: &Arc<dyn Disk>,
        health: &Arc<HealthState>,
        signal: &Arc<Signal>,
        changes: &Arc<ChangeFeed>,
    ) -> Self {
        Self {
            catalog: Arc::clone(catalog),
            disk: Arc::clone(disk),
            health: Arc::clone(health),
            signal: Arc::clone(signal),
            changes: Arc::clone(changes),
            reports: Mutex::default(),
        }
    }

    /// Takes the whole segment out of the view, for all later snapshots: after one damaged block, the others are not
    /// trusted either.
    pub(crate) fn take_out(&self, damaged: &DamagedSegment) {
        let segment = damaged.segment();
        let was_in_view =
            self.catalog.views().change(|view| view.contains(segment).then(|| view.without_damaged(segment)));
        if !was_in_view {
            return;
        }
        let name = segment.file_name();
        self.health.found_damage(&name, damaged.damage());
        if let Err(error) = self.disk.rename(&name, &format!("{name}{DAMAGED_SUFFIX}")) {
            tracing::warn!(%error, name, "a damaged file cannot be renamed; the next start finds it again");
        }
        self.restore_roots();
        // Order: after the view has changed and roots were restored. A subscriber reads everything again from this
        // point on, and must not see the segment then.
        self.changes.invalidate();
    }

    /// Restores the roots that removed segments superseded. Until that is done, snapshots say that they lack a segment.
    fn restore_roots(&self) {
        let taken_out = self.catalog.views().current().taken_out();
        let also_damaged = restore_roots(&self.catalog);
        if also_damaged.is_empty() {
            self.catalog.views().change(|view| Some(view.with_restored(taken_out)));
        }
        for damaged in also_damaged {
            // When that segment is taken out, roots are restored once more.
            self.report(damaged);
        }
    }

    /// Leaves the segment to maintenance. A writer calls this, because a freeze would wait for its batch.
    pub(crate) fn report(&self, damaged: DamagedSegment) {
        let mut reports = self.reports.lock();
        if reports.len() < REPORTS_MAX {
            reports.push(damaged);
        }
        drop(reports);
        self.signal.call();
    }

    /// Takes out all segments that were reported.
    pub(crate) fn take_out_reported(&self) {
        let reports = std::mem::take(&mut *self.reports.lock());
        for damaged in reports {
            self.take_out(&damaged);
        }
    }
}
