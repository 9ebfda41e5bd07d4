//! The store fjall: an LSM tree for each table, one journal for all.
//!
//! Tuned: memtables of 16 MiB, because the write rate is spread over few tables; blocks of 16 KiB and LZ4 on
//! every level, for bytes; journals of 64 MiB at most (its least), because a start reads them; a block cache of
//! 256 MiB. A commit is handed to the kernel (`PersistMode::Buffer`), which survives `kill -9`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use fjall::config::{BlockSizePolicy, CompressionPolicy};
use fjall::{
    CompressionType, Database, Guard, Keyspace, KeyspaceCreateOptions, OwnedWriteBatch, PersistMode,
};

use crate::sliced::{Change, Kv, Table};

const MEBIBYTE: u64 = 1 << 20;

pub(crate) struct Fjall {
    db: Database,
    keyspaces: BTreeMap<Table, Keyspace>,
}

impl Fjall {
    pub(crate) fn open(folder: &Path) -> Self {
        let db = Database::builder(folder)
            .cache_size(256 * MEBIBYTE)
            .max_journaling_size(64 * MEBIBYTE)
            .open()
            .expect("fjall opens");
        let names = db.list_keyspace_names();
        let tables = names.iter().filter_map(|name| Table::parse(name));
        let keyspaces = tables.map(|table| (table, open_table(&db, table))).collect();
        Self { db, keyspaces }
    }
}

fn open_table(db: &Database, table: Table) -> Keyspace {
    let options = || {
        KeyspaceCreateOptions::default()
            .max_memtable_size(16 * MEBIBYTE)
            .data_block_size_policy(BlockSizePolicy::all(16 * 1024))
            .data_block_compression_policy(CompressionPolicy::all(CompressionType::Lz4))
    };
    db.keyspace(&table.name(), options).expect("fjall opens a keyspace")
}

impl Kv for Fjall {
    fn tables(&self) -> Vec<Table> {
        self.keyspaces.keys().copied().collect()
    }

    fn update(&mut self, change: &mut dyn FnMut(&mut dyn Change)) {
        let writes = self.db.batch().durability(Some(PersistMode::Buffer));
        let mut tx = Batch { db: &self.db, keyspaces: &mut self.keyspaces, writes };
        change(&mut tx);
        tx.writes.commit().expect("fjall commits");
    }

    fn get(&self, table: Table, key: &[u8]) -> Option<Vec<u8>> {
        lookup(self.keyspaces.get(&table)?, key)
    }

    fn scan(&self, table: Table, from: Option<&[u8]>, visit: &mut dyn FnMut(&[u8], &[u8]) -> bool) {
        let Some(keyspace) = self.keyspaces.get(&table) else { return };
        let mut go_on = |guard: Guard| {
            let (key, value) = guard.into_inner().expect("fjall reads");
            visit(&key, &value)
        };
        match from {
            Some(from) => _ = keyspace.range(from..).all(&mut go_on),
            None => _ = keyspace.iter().rev().all(&mut go_on),
        }
    }

    fn drop_tables(&mut self, tables: &[Table]) {
        for keyspace in tables.iter().filter_map(|table| self.keyspaces.remove(table)) {
            self.db.delete_keyspace(keyspace).expect("fjall deletes a keyspace");
        }
    }

    fn settle(&mut self) {
        for keyspace in self.keyspaces.values() {
            keyspace.rotate_memtable_and_wait().expect("fjall flushes");
        }
        while self.db.outstanding_flushes() > 0 || self.db.active_compactions() > 0 {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn lookup(keyspace: &Keyspace, key: &[u8]) -> Option<Vec<u8>> {
    keyspace.get(key).expect("fjall reads").map(|value| value.to_vec())
}

struct Batch<'db> {
    db: &'db Database,
    keyspaces: &'db mut BTreeMap<Table, Keyspace>,
    writes: OwnedWriteBatch,
}

impl Batch<'_> {
    fn keyspace(&mut self, table: Table) -> Keyspace {
        self.keyspaces.entry(table).or_insert_with(|| open_table(self.db, table)).clone()
    }
}

impl Change for Batch<'_> {
    fn get(&mut self, table: Table, key: &[u8]) -> Option<Vec<u8>> {
        lookup(self.keyspaces.get(&table)?, key)
    }

    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) {
        let keyspace = self.keyspace(table);
        self.writes.insert(&keyspace, key, value);
    }

    fn remove(&mut self, table: Table, key: &[u8]) {
        let keyspace = self.keyspace(table);
        self.writes.remove(&keyspace, key);
    }
}
