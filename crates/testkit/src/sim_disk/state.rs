//! The folder in two states: as the kernel sees it, and as a power cut would leave it.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use super::operation::{DiskCall, DiskOperation, Fault};

pub(super) type FileId = usize;
pub(super) type Names = BTreeMap<String, FileId>;

#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// The content of every file that was ever created, by its id. Removed files are kept, too, because a power cut
    /// may bring their names back.
    pub(super) files: Vec<SimFileBytes>,
    pub(super) names: Names,
    pub(super) durable_names: Names,
    /// The changes that turn `durable_names` into `names`, in order.
    pub(super) unsynced_changes: Vec<NameChange>,
    pub(super) history: Vec<DiskCall>,
    pub(super) faults: BTreeMap<u64, Fault>,
    pub(super) constant_fault: Option<Fault>,
    pub(super) is_off: bool,
    /// How many bytes its files may have.
    pub(super) capacity: Option<u64>,
    pub(super) tells_available: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct SimFileBytes {
    pub(super) live: Arc<Vec<u8>>,
    /// How many bytes certainly survive a power cut.
    pub(super) durable: usize,
    /// Whether a sync failed: the kernel then regards the bytes from `durable` on as written, and never writes them.
    pub(super) is_given_up: bool,
}

#[derive(Clone, Debug)]
pub(super) enum NameChange {
    Create(String, FileId),
    Rename(String, String),
    Remove(String),
}

impl NameChange {
    pub(super) fn apply(&self, names: &mut Names) {
        match self {
            Self::Create(name, id) => {
                names.insert(name.clone(), *id);
            }
            Self::Rename(from, to) => {
                let id = names.remove(from).expect("changes are applied in the order they were made");
                names.insert(to.clone(), id);
            }
            Self::Remove(name) => {
                names.remove(name);
            }
        }
    }
}

impl State {
    pub(super) fn check_power(&self) -> io::Result<()> {
        if self.is_off { Err(Fault::PowerCut.error()) } else { Ok(()) }
    }

    /// Adds an operation to the history, and returns the fault that it must have, if any.
    pub(super) fn begin_operation(
        &mut self,
        operation: DiskOperation,
        name: &str,
    ) -> io::Result<Option<Fault>> {
        self.check_power()?;
        let fault = self.faults.get(&(self.history.len() as u64)).copied().or(self.constant_fault);
        self.history.push(DiskCall { operation, name: name.to_owned() });
        Ok(fault)
    }

    pub(super) fn turn_off(&mut self) -> io::Error {
        self.is_off = true;
        Fault::PowerCut.error()
    }

    pub(super) fn used_bytes(&self) -> u64 {
        self.names.values().map(|id| self.file(*id).live.len() as u64).sum()
    }

    pub(super) fn available_bytes(&self) -> Option<u64> {
        self.capacity.map(|capacity| capacity.saturating_sub(self.used_bytes()))
    }

    pub(super) fn next_id(&self) -> FileId {
        self.files.len()
    }

    pub(super) fn file(&self, id: FileId) -> &SimFileBytes {
        &self.files[id]
    }

    pub(super) fn apply(&mut self, change: NameChange) {
        if let NameChange::Create(_, id) = &change {
            assert_eq!(*id, self.files.len(), "files get their ids in the order of creation");
            self.files.push(SimFileBytes::default());
        }
        change.apply(&mut self.names);
        self.unsynced_changes.push(change);
    }

    pub(super) fn append(&mut self, id: FileId, bytes: &[u8]) {
        Arc::make_mut(&mut self.files[id].live).extend_from_slice(bytes);
    }

    pub(super) fn sync(&mut self, id: FileId) {
        let file = &mut self.files[id];
        if !file.is_given_up {
            file.durable = file.live.len();
        }
    }

    pub(super) fn give_up(&mut self, id: FileId) {
        self.files[id].is_given_up = true;
    }

    pub(super) fn sync_names(&mut self) {
        self.durable_names.clone_from(&self.names);
        self.unsynced_changes.clear();
    }
}
