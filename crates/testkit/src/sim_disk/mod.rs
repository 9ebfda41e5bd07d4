//! A simulated disk: it fails when a test says so, loses power at any operation, and after a power cut keeps a random
//! part of what was not synced.
//!
//! It tells apart what the kernel knows (*live*) and what would survive a power cut (*durable*). Bytes become durable
//! by a sync of their file, names by a sync of the folder.

mod operation;
mod state;
mod survive;
#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;

use parking_lot::Mutex;
use platform::disk::{AppendFile, Disk, FileBytes, FileEntry, check_name};
use rand::rngs::SmallRng;

pub use operation::{DiskCall, DiskOperation, Fault};

use state::{FileId, NameChange, State};

/// A disk in memory for tests. Clones share one disk.
#[derive(Clone, Debug, Default)]
pub struct SimDisk {
    state: Arc<Mutex<State>>,
}

impl SimDisk {
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns how many writing operations (creates, appends, syncs, renames, removes) have begun. That is also the
    /// number of the next one.
    pub fn operations(&self) -> u64 {
        self.state.lock().history.len() as u64
    }

    /// Returns the writing operations that have begun, in order.
    pub fn history(&self) -> Vec<DiskCall> {
        self.state.lock().history.clone()
    }

    /// Makes a disk with these files, given as name and content, all of them synced.
    pub fn holding(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        Self::of(State::holding(files))
    }

    /// Makes the writing operation with this number fail with `fault`. Operations are counted from 0.
    pub fn fail_at(&self, operation: u64, fault: Fault) {
        self.state.lock().faults.insert(operation, fault);
    }

    /// Makes all writing operations fail with `fault`; `None` ends this. A full disk still removes files.
    pub fn fail_while(&self, fault: Option<Fault>) {
        self.state.lock().constant_fault = fault;
    }

    /// Gives the disk room for so many bytes. Appends write what fits of them, and then the disk is full.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.state.lock().capacity = bytes;
    }

    /// Makes the disk tell how many bytes are left of its capacity.
    pub fn tell_available_bytes(&self) {
        self.state.lock().tells_available = true;
    }

    /// Returns how many bytes its files have.
    pub fn used_bytes(&self) -> u64 {
        self.state.lock().used_bytes()
    }

    /// Turns the machine off: every later operation fails.
    pub fn cut_power(&self) {
        self.state.lock().is_off = true;
    }

    /// Cuts the power, and returns the disk that the machine finds afterwards: all that was synced, and a random part
    /// of the rest.
    pub fn reboot(&self, random: &mut SmallRng) -> Self {
        self.cut_power();
        Self::of(self.state.lock().after_power_cut(random))
    }

    /// Cuts the power, and returns the disk without anything that was not synced.
    pub fn reboot_with_synced_only(&self) -> Self {
        self.cut_power();
        Self::of(self.state.lock().synced_only())
    }

    /// Kills the process, and returns the disk that the next process finds. The kernel lives on, so nothing is lost,
    /// but what was not durable is not durable yet.
    pub fn crash(&self) -> Self {
        self.cut_power();
        Self::of(self.state.lock().after_crash())
    }

    fn of(state: State) -> Self {
        Self { state: Arc::new(Mutex::new(state)) }
    }

    fn change_names(
        &self,
        (operation, name): (DiskOperation, &str),
        change: impl FnOnce(&State) -> io::Result<NameChange>,
    ) -> io::Result<()> {
        let mut state = self.state.lock();
        let fault = state.begin_operation(operation, name)?;
        let change = change(&state)?;
        let is_full = matches!(fault, Some(Fault::NoSpace | Fault::Short(_)));
        match fault {
            None => state.apply(change),
            // A full disk must allow removals, because otherwise it would stay full.
            Some(_) if is_full && matches!(change, NameChange::Remove(_)) => state.apply(change),
            Some(Fault::PowerCut) => {
                state.apply(change);
                return Err(state.turn_off());
            }
            Some(fault) => return Err(fault.error()),
        }
        Ok(())
    }
}

impl Disk for SimDisk {
    fn list(&self) -> io::Result<Vec<FileEntry>> {
        let state = self.state.lock();
        state.check_power()?;
        let entries = state.names.iter();
        Ok(entries
            .map(|(name, id)| FileEntry {
                name: name.clone(),
                bytes: state.file(*id).live.len() as u64,
                is_file: true,
            })
            .collect())
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn AppendFile>> {
        check_name(name)?;
        let mut id = None;
        self.change_names((DiskOperation::Create, name), |state| {
            if state.names.contains_key(name) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            id = Some(state.next_id());
            Ok(NameChange::Create(name.to_owned(), state.next_id()))
        })?;
        let id = id.expect("the change was made");
        Ok(Box::new(SimFile { state: Arc::clone(&self.state), id, name: name.to_owned() }))
    }

    fn open(&self, name: &str) -> io::Result<FileBytes> {
        let state = self.state.lock();
        state.check_power()?;
        let id = state.names.get(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::clone(&state.file(*id).live).into())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        check_name(to)?;
        self.change_names((DiskOperation::Rename, from), |state| {
            state.names.get(from).ok_or(io::ErrorKind::NotFound)?;
            Ok(NameChange::Rename(from.to_owned(), to.to_owned()))
        })
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.change_names((DiskOperation::Remove, name), |state| {
            state.names.get(name).ok_or(io::ErrorKind::NotFound)?;
            Ok(NameChange::Remove(name.to_owned()))
        })
    }

    fn sync_folder(&self) -> io::Result<()> {
        let mut state = self.state.lock();
        match state.begin_operation(DiskOperation::SyncFolder, "")? {
            None => state.sync_names(),
            Some(Fault::PowerCut) => return Err(state.turn_off()),
            Some(fault) => return Err(fault.error()),
        }
        Ok(())
    }

    fn available_bytes(&self) -> Option<u64> {
        let state = self.state.lock();
        if state.tells_available { state.available_bytes() } else { None }
    }
}

/// A file that is open for appending. It stays usable after its name is removed.
struct SimFile {
    state: Arc<Mutex<State>>,
    id: FileId,
    name: String,
}

impl AppendFile for SimFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.state.lock();
        let fault = state.begin_operation(DiskOperation::Append, &self.name)?;
        let room =
            state.available_bytes().map_or(bytes.len(), |room| usize::try_from(room).unwrap_or(usize::MAX));
        match fault.or((room < bytes.len()).then_some(Fault::Short(room))) {
            None => state.append(self.id, bytes),
            Some(Fault::Short(written)) => {
                state.append(self.id, &bytes[..written.min(bytes.len())]);
                return Err(Fault::NoSpace.error());
            }
            // All bytes are kept here: the reboot decides at random how many of them survive.
            Some(Fault::PowerCut) => {
                state.append(self.id, bytes);
                return Err(state.turn_off());
            }
            Some(fault @ (Fault::NoSpace | Fault::Io)) => return Err(fault.error()),
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.state.lock();
        match state.begin_operation(DiskOperation::Sync, &self.name)? {
            None => state.sync(self.id),
            Some(Fault::PowerCut) => return Err(state.turn_off()),
            Some(fault) => {
                state.give_up(self.id);
                return Err(fault.error());
            }
        }
        Ok(())
    }
}
