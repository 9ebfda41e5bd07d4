//! The start: what is on the disk becomes a store again.
//!
//! Nothing that was read is trusted: a damaged file is set aside, not deleted, and the rest is served. A file
//! of a later version stops the start, because to go on without it could lose what it has.

mod replay;
mod segments;

use std::fmt::Display;
use std::io;
use std::sync::Arc;

use platform::disk::Disk;
use span::Timestamp;
use wal::Log;

use crate::error::OpenError;
use crate::settings::{Durability, Settings};
use crate::store::Store;
use crate::upkeep::{DAMAGED_SUFFIX, generation_of, is_draft, log_number};

pub(crate) fn open(settings: Settings, disk: Arc<dyn Disk>, now: Timestamp) -> Result<Store, OpenError> {
    let mut names: Vec<String> = disk.list()?.into_iter().map(|file| file.name).collect();
    names.sort_unstable();
    for draft in names.iter().filter(|name| is_draft(name)) {
        disk.remove(draft)?;
    }
    // Order: the segments before what they stand for goes. One that is damaged stands for nothing.
    let mut damaged = Vec::new();
    let found = segments::find(&*disk, &names, &mut damaged)?;
    let sealed = found.iter().map(|found| found.generations.last).max().unwrap_or(0);
    let logs = replay::Logs::open(&*disk, &names, sealed, &mut damaged)?;
    // What was removed stays away, whatever is removed later.
    disk.sync_folder()?;
    let generation = logs.first_generation().unwrap_or(sealed + 1);
    let mut store = Store::empty(settings, disk, generation, now);
    for file in &damaged {
        store.trouble.found_damage(&file.name, &file.reason);
    }
    store.load_segments(found)?;
    store.replay(&logs, now);
    // A file that could not be read has taken its number with it.
    let last = generation_of(logs.last_number());
    if last > store.views.open().number() {
        store.open_generation(last, now);
    }
    store.log = begin_log(&store, logs.last_number())?;
    Ok(store)
}

/// A file that was set aside, and why.
struct DamagedFile {
    name: String,
    reason: String,
}

impl DamagedFile {
    /// Gives it another name, under which it stays for whoever wants to look at it.
    fn set_aside(disk: &dyn Disk, name: &str, reason: &dyn Display) -> io::Result<Self> {
        disk.rename(name, &format!("{name}{DAMAGED_SUFFIX}"))?;
        Ok(Self { name: name.to_owned(), reason: reason.to_string() })
    }
}

fn begin_log(store: &Store, last_number: u64) -> Result<Option<Log>, OpenError> {
    let durability = match store.settings.durability {
        Durability::Memory => return Ok(None),
        Durability::Os => wal::Durability::Os,
        Durability::Fsync => wal::Durability::Fsync,
    };
    let number = log_number(store.views.open().number()).max(last_number + 1);
    let log = Log::create(Arc::clone(&store.disk), durability, number)
        .map_err(|error| OpenError::Log(error.to_string()))?;
    store.begin_file(&log);
    Ok(Some(log))
}
