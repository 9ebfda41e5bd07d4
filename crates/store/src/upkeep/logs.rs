//! Which files of the log are still needed.

use std::collections::BTreeMap;

use platform::disk::Disk as _;

use super::Upkeep;
use crate::store::Store;

/// Files that take no more frames, each with the last generation that may have spans of it.
#[derive(Default)]
pub(crate) struct Logs {
    pub(crate) closed: BTreeMap<u64, u64>,
    /// Files that were read at the start, by name.
    pub(crate) replayed: BTreeMap<String, u64>,
}

impl Store {
    /// Removes the files of which every generation that has spans of them is a segment.
    pub(super) fn remove_logs(&self, upkeep: &mut Upkeep) {
        let Some(log) = &self.log else { return };
        let view = self.views.current();
        let open = view.open.number();
        for number in log.closed_files() {
            // Its last batch is in memory by now, and so at the latest in the generation that is open now.
            upkeep.logs.closed.entry(number).or_insert(open);
        }
        let unsealed = view.frozen.first().map_or(open, |oldest| oldest.number());
        upkeep.logs.closed.retain(|&number, &mut last| {
            // A file that cannot be removed is tried again; read twice, it changes nothing.
            last >= unsealed || log.remove(number).is_err()
        });
        upkeep.logs.replayed.retain(|name, &mut last| last >= unsealed || self.disk.remove(name).is_err());
    }
}
