//! The store redb: copy-on-write B-trees in one file.
//!
//! Its `Durability::None` loses commits at a `kill -9`, and `Immediate` syncs the disk for each commit. The benchmark
//! needs what lies between, that the kernel has the commit: `Immediate` on a file whose sync does nothing. Quick repair
//! is on, because without it a start after a crash reads the whole file. Cache: 256 MiB.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use redb::backends::FileBackend;
use redb::{
    Database, Durability, ReadableDatabase as _, ReadableTable as _, StorageBackend, TableDefinition,
    TableHandle as _, WriteTransaction,
};

use crate::sliced::{Change, Kv, Table};

const CACHE_BYTES: usize = 256 << 20;

type Bytes = &'static [u8];
type OpenTable<'tx> = redb::Table<'tx, Bytes, Bytes>;

#[derive(Debug)]
struct Unsynced(FileBackend);

impl StorageBackend for Unsynced {
    fn len(&self) -> Result<u64, io::Error> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        self.0.write(offset, data)
    }
}

pub(crate) struct Redb {
    db: Database,
}

impl Redb {
    pub(crate) fn open(folder: &Path) -> Self {
        let path = folder.join("spans.redb");
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let backend = FileBackend::new(file.expect("the folder is there")).expect("redb takes the file");
        let db = Database::builder().set_cache_size(CACHE_BYTES).create_with_backend(Unsynced(backend));
        Self { db: db.expect("redb opens") }
    }

    fn begin(&self) -> WriteTransaction {
        let mut tx = self.db.begin_write().expect("redb begins");
        tx.set_durability(Durability::Immediate).expect("redb takes the durability");
        tx.set_quick_repair(true);
        tx
    }
}

impl Kv for Redb {
    fn tables(&self) -> Vec<Table> {
        let tx = self.db.begin_read().expect("redb begins");
        let tables = tx.list_tables().expect("redb lists its tables");
        tables.filter_map(|table| Table::parse(table.name())).collect()
    }

    fn update(&mut self, change: &mut dyn FnMut(&mut dyn Change)) {
        let tx = self.begin();
        let mut open = Open { tx: &tx, tables: BTreeMap::new() };
        change(&mut open);
        drop(open);
        tx.commit().expect("redb commits");
    }

    fn get(&self, table: Table, key: &[u8]) -> Option<Vec<u8>> {
        let tx = self.db.begin_read().expect("redb begins");
        let table = tx.open_table(TableDefinition::<Bytes, Bytes>::new(&table.name())).ok()?;
        table.get(key).expect("redb reads").map(|value| value.value().to_vec())
    }

    fn scan(&self, table: Table, from: Option<&[u8]>, visit: &mut dyn FnMut(&[u8], &[u8]) -> bool) {
        let tx = self.db.begin_read().expect("redb begins");
        let Ok(table) = tx.open_table(TableDefinition::<Bytes, Bytes>::new(&table.name())) else { return };
        let range = table.range::<&[u8]>(from.unwrap_or_default()..).expect("redb reads");
        let mut go_on = |entry: Result<(redb::AccessGuard<'_, Bytes>, redb::AccessGuard<'_, Bytes>), _>| {
            let (key, value) = entry.expect("redb reads");
            visit(key.value(), value.value())
        };
        match from {
            Some(_) => _ = { range }.all(&mut go_on),
            None => _ = range.rev().all(&mut go_on),
        }
    }

    fn drop_tables(&mut self, tables: &[Table]) {
        let tx = self.begin();
        for table in tables {
            let name = table.name();
            tx.delete_table(TableDefinition::<Bytes, Bytes>::new(&name)).expect("redb deletes a table");
        }
        tx.commit().expect("redb commits");
        self.db.compact().expect("redb compacts");
    }

    fn settle(&mut self) {}
}

struct Open<'tx> {
    tx: &'tx WriteTransaction,
    tables: BTreeMap<Table, OpenTable<'tx>>,
}

impl<'tx> Open<'tx> {
    fn table(&mut self, table: Table) -> &mut OpenTable<'tx> {
        self.tables.entry(table).or_insert_with(|| {
            self.tx.open_table(TableDefinition::new(&table.name())).expect("redb opens a table")
        })
    }
}

impl Change for Open<'_> {
    fn get(&mut self, table: Table, key: &[u8]) -> Option<Vec<u8>> {
        self.table(table).get(key).expect("redb reads").map(|value| value.value().to_vec())
    }

    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) {
        self.table(table).insert(key, value).expect("redb writes");
    }

    fn remove(&mut self, table: Table, key: &[u8]) {
        self.table(table).remove(key).expect("redb writes");
    }
}
