//! The start: what is on the disk becomes a store again.
//!
//! Nothing that was read is trusted: a damaged file is set aside, not deleted, and the rest is served. A file
//! of a later version stops the start, because to go on without it could lose what it has.

mod replay;
mod segments;

use std::sync::Arc;

use platform::disk::Disk;
use span::Timestamp;
use wal::Log;

use crate::error::OpenError;
use crate::settings::{Durability, Settings};
use crate::store::Store;
use crate::upkeep::is_draft;

pub(crate) fn open(settings: Settings, disk: Arc<dyn Disk>, now: Timestamp) -> Result<Store, OpenError> {
    let mut names: Vec<String> = disk.list()?.into_iter().map(|file| file.name).collect();
    names.sort_unstable();
    for draft in names.iter().filter(|name| is_draft(name)) {
        disk.remove(draft)?;
    }
    let found = segments::find(&*disk, &names)?;
    let generation = found.iter().map(|found| found.generations.last).max().map_or(1, |last| last + 1);
    let logs = replay::Logs::open(&*disk, &names)?;
    let mut store = Store::empty(settings, disk, generation, logs.edge(), now);
    store.load_segments(found)?;
    store.replay(&logs, now);
    store.log = begin_log(&store, logs.next_number())?;
    Ok(store)
}

fn begin_log(store: &Store, number: u64) -> Result<Option<Log>, OpenError> {
    let durability = match store.settings.durability {
        Durability::Memory => return Ok(None),
        Durability::Os => wal::Durability::Os,
        Durability::Fsync => wal::Durability::Fsync,
    };
    let log = Log::create(Arc::clone(&store.disk), durability, number);
    log.map(Some).map_err(|error| OpenError::Log(error.to_string()))
}
