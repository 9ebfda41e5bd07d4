//! A disk that returns changed bytes, like a storage device that decays while the process runs.

use std::sync::Arc;

use parking_lot::Mutex;
use platform::disk::FileBytes;

use crate::hooked_disk::{DiskHooks, HookedDisk};

/// A simulated disk that can damage segments when they are opened. Clones share one disk.
pub type DamagingDisk = HookedDisk<Decay>;

/// The offset of the byte that `open` changes. Clones share it.
#[derive(Clone, Default)]
pub struct Decay(Arc<Mutex<Option<usize>>>);

impl DamagingDisk {
    /// Makes `open` flip a bit of the byte at this offset in every segment that is longer than the offset. `None`
    /// stops this. Only what `open` returns changes, not the stored files.
    pub fn damage(&self, byte: Option<usize>) {
        *self.hooks.0.lock() = byte;
    }
}

impl DiskHooks for Decay {
    fn opened(&self, name: &str, bytes: FileBytes) -> FileBytes {
        match *self.0.lock() {
            Some(at) if name.ends_with(".segment") && at < bytes.len() => {
                let mut bytes = bytes.to_vec();
                bytes[at] ^= 1 << (at % 8);
                bytes.into()
            }
            _ => bytes,
        }
    }
}
