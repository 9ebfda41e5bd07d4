//! Resources and scopes, each kept once for a generation.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hashbrown::HashMap;
use parking_lot::RwLock;

/// What an entry costs beside its bytes, about.
const ENTRY_BYTES: usize = 96;

#[derive(Default)]
pub(crate) struct Origins {
    table: RwLock<Table>,
    bytes: AtomicUsize,
}

#[derive(Default)]
struct Table {
    numbers: HashMap<Arc<[u8]>, u32>,
    list: Vec<Arc<[u8]>>,
}

impl Origins {
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// The numbers of these origins here.
    pub(crate) fn intern(&self, origins: &[&[u8]]) -> Vec<u32> {
        origins.iter().map(|bytes| self.intern_one(bytes)).collect()
    }

    fn intern_one(&self, bytes: &[u8]) -> u32 {
        if let Some(&number) = self.table.read().numbers.get(bytes) {
            return number;
        }
        let mut table = self.table.write();
        // Another batch may have brought it in between.
        if let Some(&number) = table.numbers.get(bytes) {
            return number;
        }
        let number = u32::try_from(table.list.len()).expect("less than 2^32 origins");
        let kept: Arc<[u8]> = bytes.into();
        table.list.push(Arc::clone(&kept));
        table.numbers.insert(kept, number);
        self.bytes.fetch_add(bytes.len() + ENTRY_BYTES, Ordering::Relaxed);
        number
    }

    /// All of them, by number. Numbers are never given again, so that later ones are only appended.
    pub(crate) fn list(&self) -> Vec<Arc<[u8]>> {
        self.table.read().list.clone()
    }
}
