//! The steps of a start, in order.

use std::sync::Arc;

use platform::disk::Disk;
use span::Timestamp;
use wal::Log;

use super::folder::{Fate, Folder};
use super::replay::{LogFiles, replay};
use super::segments::{self, load_segments};
use crate::error::OpenError;
use crate::log::{first_file_of, generation_of};
use crate::maintenance::Maintainer;
use crate::parts::Parts;
use crate::settings::{Durability, Medium, Settings};

pub(crate) fn open(
    settings: Settings,
    disk: Arc<dyn Disk>,
    now: Timestamp,
) -> Result<(Parts, Maintainer), OpenError> {
    let mut folder = Folder::list(&disk)?;
    // Order: a segment is checked before the files that it replaces are removed. A damaged segment replaces nothing.
    let found = segments::find(&mut folder)?;
    let sealed = found.iter().map(|found| found.generations.last).max().unwrap_or(0);
    let logs = LogFiles::open(&mut folder, sealed)?;
    // Makes the removals durable before any file is removed later. In a folder that cannot be written, nothing is.
    let _left_to_maintenance = folder.sync();
    let generation = logs.first_generation().unwrap_or(sealed.max(folder.last_generation()) + 1);
    let reserve = folder.reserve().cloned();
    let parts = Parts::new(settings, disk, Medium::Disk, generation, now);
    let (entries, found_damage, leftovers) = folder.into_rest();
    parts.damaged.adopt(&entries);
    for file in &found_damage {
        match file.fate {
            Fate::Renamed => parts.health.found_damage(&file.name, &file.reason),
            Fate::LeftAlone => parts.health.found_unusable(&file.name, &file.reason),
        }
    }
    let mut maintainer = parts.maintainer(load_segments(&parts, found)?, reserve.as_ref());
    maintainer.leave_over(leftovers);
    replay(&parts, &mut maintainer, &logs, now);
    // A file that could not be read has used up its number.
    let last = generation_of(logs.last_number());
    if last > parts.catalog.views().current().open().number() {
        maintainer.open_generation(last, now);
    }
    start_log(&parts, logs.last_number());
    Ok((parts, maintainer))
}

/// Starts the log. If it cannot be written, the store opens all the same, and refuses batches until it can.
fn start_log(parts: &Parts, last_number: u64) {
    let durability = match parts.settings.durability {
        Durability::Memory => return,
        Durability::Os => wal::Durability::Os,
        Durability::Fsync => wal::Durability::Fsync,
    };
    let generation = parts.catalog.views().current().open().number();
    let number = first_file_of(generation).max(last_number + 1);
    let log = Log::new(Arc::clone(&parts.disk), durability, number);
    parts.log.start(log, parts.window.latest_start());
}
