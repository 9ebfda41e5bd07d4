//! What is left after a crash and after a power cut.

use std::sync::Arc;

use rand::RngExt as _;
use rand::rngs::SmallRng;

use super::state::{Names, SimFileBytes, State};

/// The size of a sector. A disk writes each sector as a whole, and several sectors in any order.
const SECTOR_BYTES: usize = 512;

impl State {
    pub(super) fn after_crash(&self) -> Self {
        Self {
            files: self.files.clone(),
            names: self.names.clone(),
            durable_names: self.durable_names.clone(),
            unsynced_changes: self.unsynced_changes.clone(),
            capacity: self.capacity,
            tells_available: self.tells_available,
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

    /// Makes a state with these files, given as name and content, in which everything is durable.
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

    /// Makes a state with these names, in which everything is durable. `survive` returns the content of each file.
    fn rebuilt(&self, names: Names, mut survive: impl FnMut(&SimFileBytes) -> Vec<u8>) -> Self {
        Self::holding(names.into_iter().map(|(name, id)| (name, survive(self.file(id)))))
    }
}

impl SimFileBytes {
    /// Draws what a power cut leaves: the synced bytes, followed by none of the others, all of them, the first of
    /// them, or some of their sectors.
    fn torn(&self, random: &mut SmallRng) -> Vec<u8> {
        let (durable, all) = (self.durable, self.live.len());
        match random.random_range(0..4u8) {
            0 => self.live[..durable].to_vec(),
            1 => self.live.to_vec(),
            2 => self.live[..random.random_range(durable..=all)].to_vec(),
            _ => self.reordered(random),
        }
    }

    /// Draws a content in which the length and some unsynced sectors were written, and the others are zeros.
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
