//! A damaged segment is taken out of the view; its file stays for whoever wants to look at it.

use std::sync::Arc;

use super::Upkeep;
use crate::fault::Fault;
use crate::store::Store;

/// Limit: reports that wait; each of further ones would be of a segment that is met again.
const FAULTS_MAX: usize = 64;

pub(crate) const DAMAGED_SUFFIX: &str = ".damaged";

impl Store {
    /// The rest is served: nothing of a damaged segment can be trusted.
    pub(crate) fn set_aside(&self, fault: &Fault) {
        self.set_aside_with(&mut self.upkeep.lock(), fault);
    }

    /// Leaves it to the worker, for who must not wait.
    pub(crate) fn report(&self, fault: Fault) {
        let mut faults = self.faults.lock();
        if faults.len() < FAULTS_MAX {
            faults.push(fault);
        }
        drop(faults);
        self.wake.call();
    }

    pub(super) fn set_reported_aside(&self, upkeep: &mut Upkeep) {
        for fault in std::mem::take(&mut *self.faults.lock()) {
            self.set_aside_with(upkeep, &fault);
        }
    }

    pub(super) fn set_aside_with(&self, _upkeep: &mut Upkeep, fault: &Fault) {
        let view = self.views.current();
        if !view.units.iter().any(|unit| Arc::ptr_eq(unit, &fault.unit)) {
            return;
        }
        let name = fault.unit.file_name();
        self.trouble.found_damage(&name, &fault.damage);
        self.views.change(|view| view.with_units(&[Arc::clone(&fault.unit)], None));
        if let Err(error) = self.disk.rename(&name, &format!("{name}{DAMAGED_SUFFIX}")) {
            tracing::warn!(%error, name, "a damaged file cannot be renamed");
        }
        self.uncover_roots();
    }
}
