//! The steps of a start, in order.

use std::sync::Arc;

use platform::disk::Disk;
use span::Timestamp;
use wal::Log;

use super::replay::{LogFiles, replay};
use super::segments::{self, load_segments};
use crate::error::OpenError;
use crate::log::{first_file_of, generation_of};
use crate::maintenance::{Maintainer, is_unfinished};
use crate::parts::Parts;
use crate::quarantine::DAMAGED_SUFFIX;
use crate::settings::{Durability, Medium, Settings};

pub(crate) fn open(
    settings: Settings,
    disk: Arc<dyn Disk>,
    now: Timestamp,
) -> Result<(Parts, Maintainer), OpenError> {
    let mut names: Vec<String> = disk.list()?.into_iter().map(|file| file.name).collect();
    names.sort_unstable();
    for unfinished in names.iter().filter(|name| is_unfinished(name)) {
        disk.remove(unfinished)?;
    }
    // Order: a segment is checked before the files that it replaces are removed. A damaged segment replaces nothing.
    let mut damaged = Vec::new();
    let found = segments::find(&*disk, &names, &mut damaged)?;
    let sealed = found.iter().map(|found| found.generations.last).max().unwrap_or(0);
    let logs = LogFiles::open(&*disk, &names, sealed, &mut damaged)?;
    // Makes the removals durable before any file is removed later.
    disk.sync_folder()?;
    let generation = logs.first_generation().unwrap_or(sealed.max(last_quarantined(&names)) + 1);
    let parts = Parts::new(settings, disk, Medium::Disk, generation, now);
    for file in &damaged {
        parts.health.found_damage(&file.name, &file.reason);
    }
    let mut maintainer = parts.maintainer(load_segments(&parts, found)?);
    replay(&parts, &mut maintainer, &logs, now);
    // A file that could not be read has used up its number.
    let last = generation_of(logs.last_number());
    if last > parts.catalog.views().current().open().number() {
        maintainer.open_generation(last, now);
    }
    start_log(&parts, logs.last_number())?;
    Ok((parts, maintainer))
}

/// Returns the last generation of quarantined segments. A new segment with such a name, damaged in turn, would replace
/// the file that is kept.
fn last_quarantined(names: &[String]) -> u64 {
    let quarantined = names.iter().filter_map(|name| name.strip_suffix(DAMAGED_SUFFIX));
    quarantined.filter_map(segment::generations_of).map(|generations| generations.last).max().unwrap_or(0)
}

fn start_log(parts: &Parts, last_number: u64) -> Result<(), OpenError> {
    let durability = match parts.settings.durability {
        Durability::Memory => return Ok(()),
        Durability::Os => wal::Durability::Os,
        Durability::Fsync => wal::Durability::Fsync,
    };
    let generation = parts.catalog.views().current().open().number();
    let number = first_file_of(generation).max(last_number + 1);
    let log = Log::create(Arc::clone(&parts.disk), durability, number).map_err(OpenError::Log)?;
    parts.log.start(log, parts.window.latest_cutoff());
    Ok(())
}
