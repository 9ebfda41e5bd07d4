//! Which files of the log are still needed.
//!
//! The upper half of a file's number is the generation that takes its spans, all of them and no others: a
//! freeze waits for those that are on their way. So the files of a sealed generation may go, and a start
//! reads just the others.

use std::io;

use super::Upkeep;
use super::set_aside::DAMAGED_SUFFIX;
use crate::store::Store;

/// A file that was read at the start.
pub(crate) struct Replayed {
    pub(crate) number: u64,
    pub(crate) is_damaged: bool,
}

/// The number of the first file of a generation.
pub(crate) const fn log_number(generation: u64) -> u64 {
    generation << u32::BITS
}

/// The generation that has the spans of a file.
pub(crate) const fn generation_of(log_number: u64) -> u64 {
    log_number >> u32::BITS
}

impl Store {
    /// Removes the files of generations that are sealed.
    ///
    /// Order: before anything leaves that their spans were judged by. A start that finds such a file may find no
    /// segment of its generation, because it had no spans of its own or all of them have left, and reads it again.
    pub(super) fn remove_logs(&self, upkeep: &mut Upkeep) {
        match self.try_remove_logs(upkeep) {
            Ok(()) => upkeep.logged_from = None,
            Err(error) => self.trouble.removal_failed(&format!("the log cannot be removed: {error}")),
        }
    }

    /// Fails where one is still there, or could come back. All are tried.
    fn try_remove_logs(&self, upkeep: &mut Upkeep) -> io::Result<()> {
        let view = self.views.current();
        let unsealed = view.frozen.first().unwrap_or(&view.open).number();
        let is_needed = |number: u64| generation_of(number) >= unsealed;
        let mut result = Ok(());
        if let Some(log) = &self.log {
            for number in log.closed_files().into_iter().filter(|&number| !is_needed(number)) {
                upkeep.has_unsynced_removals = true;
                result = result.and(log.remove(number).map_err(io::Error::other));
            }
        }
        for file in std::mem::take(&mut upkeep.replayed) {
            let removed =
                if is_needed(file.number) { None } else { Some(self.remove_replayed(upkeep, &file)) };
            if !matches!(removed, Some(Ok(()))) {
                upkeep.replayed.push(file);
            }
            result = result.and(removed.unwrap_or(Ok(())));
        }
        result.and_then(|()| self.sync_removals(upkeep))
    }

    /// A damaged one stays for whoever wants to look at it.
    fn remove_replayed(&self, upkeep: &mut Upkeep, file: &Replayed) -> io::Result<()> {
        let name = wal::file_name(file.number);
        upkeep.has_unsynced_removals = true;
        let removed = if file.is_damaged {
            self.disk.rename(&name, &format!("{name}{DAMAGED_SUFFIX}"))
        } else {
            self.disk.remove(&name)
        };
        removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
    }
}
