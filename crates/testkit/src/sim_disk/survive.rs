//! What is left after a crash and after a power cut.

use std::sync::Arc;

use rand::RngExt as _;
use rand::rngs::SmallRng;

use super::state::{Names, SimFileBytes, State};

/// Disks write whole sectors; within one, nothing is reordered.
const SECTOR_BYTES: usize = 512;

impl State {
    pub(super) fn after_crash(&self) -> Self {
        Self {
            files: self.files.clone(),
            names: self.names.clone(),
            durable_names: self.durable_names.clone(),
            unsynced_changes: self.unsynced_changes.clone(),
            ..Self::default()
        }
    }

    pub(super) fn after_power_cut(&self, random: &mut SmallRng) -> Self {
        let survivors = random.random_range(0..=self.unsynced_changes.len());
        let mut names = self.durable_names.clone();
        for change in &self.unsynced_changes[..survivors] {
            change.apply(&mut names);
        }
        self.rebuilt(names, |file| file.torn(random))
    }

    pub(super) fn synced_only(&self) -> Self {
        self.rebuilt(self.durable_names.clone(), |file| file.live[..file.durable].to_vec())
    }

    /// A folder of these files, in which all is durable.
    pub(super) fn holding(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut state = Self::default();
        for (name, bytes) in files {
            state.names.insert(name, state.next_id());
            state.files.push(SimFileBytes {
                durable: bytes.len(),
                live: Arc::new(bytes),
                ..SimFileBytes::default()
            });
        }
        state.durable_names.clone_from(&state.names);
        state
    }

    /// A folder in which all is durable.
    fn rebuilt(&self, names: Names, mut survive: impl FnMut(&SimFileBytes) -> Vec<u8>) -> Self {
        Self::holding(names.into_iter().map(|(name, id)| (name, survive(self.file(id)))))
    }
}

impl SimFileBytes {
    /// The synced bytes, followed by nothing else, all others, the first of them, or some of their sectors.
    fn torn(&self, random: &mut SmallRng) -> Vec<u8> {
        let (durable, all) = (self.durable, self.live.len());
        match random.random_range(0..4u8) {
            0 => self.live[..durable].to_vec(),
            1 => self.live.to_vec(),
            2 => self.live[..random.random_range(durable..=all)].to_vec(),
            _ => self.reordered(random),
        }
    }

    /// The length was written, and some of the sectors; the others read as zeros.
    fn reordered(&self, random: &mut SmallRng) -> Vec<u8> {
        let mut bytes = self.live.to_vec();
        let mut start = self.durable;
        while start < bytes.len() {
            let end = bytes.len().min((start / SECTOR_BYTES + 1) * SECTOR_BYTES);
            if random.random_bool(0.5) {
                bytes[start..end].fill(0);
            }
            start = end;
        }
        bytes
    }
}
